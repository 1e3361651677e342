#include "core/path/path_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(PathSettings& p) {
    return {
        {"schedule",
         choice_slot(p.schedule),
         {},
         "alpha_t and sigma_t of x_t = alpha x0 + sigma x1"},
        {"beta_min", &p.beta_min, {1e-6, 100}, "vp-linear: beta at t = 0"},
        {"beta_max", &p.beta_max, {1e-6, 100}, "vp-linear: beta at t = 1"},
        {"shift", &p.shift, {0.01, 100}, "vp-cosine: adds 2 log(shift) to the log-SNR"},
        {"sigma_min",
         &p.sigma_min,
         {0, 0.5},
         "linear: sigma at t = 0 (unset: 0); edm: the same, from 1e-06 (unset: 0.002)"},
        {"sigma_max", &p.sigma_max, {1e-3, 1000}, "edm: sigma at t = 1 (unset: 80)"},
        {"s_min", &p.s_min, {1e-6, 10}, "ve: sigma at t = 0"},
        {"s_max", &p.s_max, {1e-3, 1000}, "ve: sigma at t = 1"},
        {"s", &p.s, {1e-3, 1000}, "ve-sqrt: sigma = s sqrt(t)"},
        {"rho", &p.rho, {1, 100}, "edm: the spacing's exponent"},
        {"ddpm_steps", &p.ddpm_steps, {2, 100000}, "ddpm: number of discrete levels K"},
        {"ddpm_beta_min", &p.ddpm_beta_min, {1e-8, 0.999}, "ddpm: beta of the first level"},
        {"ddpm_beta_max", &p.ddpm_beta_max, {1e-8, 0.999}, "ddpm: beta of the last level"},
        {"knots",
         &p.knots,
         {0, 1000},
         "custom: (alpha, sigma) at equally spaced t from 0 to 1, joined by a monotone spline"}};
}

}  // namespace driftglass
