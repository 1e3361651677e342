#include "core/field/exact_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/share_work.hpp"

namespace driftglass {

using torch::Tensor;

/// Pairs of one component of the data and one of the source, as many as K.
struct ExactField::Components {
    int label = -1;
    double log_share = 0;               ///< log of the share of the data that it holds
    std::array<Tensor, 2> data_mean;    ///< per coordinate, [1, K]
    std::array<Tensor, 2> source_mean;  ///< per coordinate, [1, K]; undefined: all 0
    Tensor data_variance;               ///< [1, K], or [1, 1] where all are equal
    Tensor source_variance;             ///< the same
    Tensor log_weight;                  ///< [1, K], or [1, 1] where all are equal
    Tensor weight;                      ///< [K]
    Tensor moments;                     ///< [K, D or 2 D]: data means, source means
    Tensor moments_float32;
    double extent = 0;  ///< largest |coordinate| of a mean
    double least_data_variance = 0;
    double least_source_variance = 0;

    std::int64_t size() const { return data_mean[0].size(1); }
    bool equal_widths() const { return data_variance.numel() == 1; }
};

/// Coefficients for the rows of x: [1, 1] for one time, [N, 1] for a time a row.
struct ExactField::Times {
    Tensor alpha, sigma, alpha_prime, sigma_prime;
    double least_alpha = 0;
    double least_sigma = 0;

    bool one() const { return alpha.size(0) == 1; }
    Times rows(std::int64_t begin, std::int64_t end) const {
        if (one()) return *this;
        return {alpha.slice(0, begin, end),
                sigma.slice(0, begin, end),
                alpha_prime.slice(0, begin, end),
                sigma_prime.slice(0, begin, end),
                least_alpha,
                least_sigma};
    }
    Times pick(const Tensor& index) const {
        if (one()) return *this;
        return {alpha.index_select(0, index),
                sigma.index_select(0, index),
                alpha_prime.index_select(0, index),
                sigma_prime.index_select(0, index),
                least_alpha,
                least_sigma};
    }
};

namespace {

/// The regression target p x0 + q x1 of a prediction, with [1, 1] or [N, 1] coefficients.
struct Target {
    Tensor p, q;
};

/// What depends on the times but not on x.
struct Centres {
    Tensor variance;  ///< V, [1 or N, 1 or K], wide
    std::array<Tensor, 2>
        mean;  ///< mu per coordinate, [1 or N, K]; divided by sqrt(2 V) if `scaled`
    bool scaled = false;
    Tensor scale;  ///< 1 / sqrt(2 V), [1 or N, 1], if scaled
    Tensor rate;   ///< -1 / (2 V), otherwise
    Tensor bias;   ///< log of p_k (2 pi V)^(-D / 2), wide
};

std::int64_t tile_elements(torch::Device device) {
    // Three such float32 arrays stay within a core's share of cache on a CPU; a GPU wants it large.
    return device.is_cpu() ? std::int64_t{1} << 16 : std::int64_t{1} << 25;
}

/// a [n, K] times b [K, M], summed over K in blocks: a float32 sum of 100,000 terms keeps four
/// digits only.
Tensor product(const Tensor& a, const Tensor& b, torch::ScalarType wide) {
    constexpr std::int64_t block = 4096;
    Tensor total;
    for (std::int64_t begin = 0; begin < a.size(1); begin += block) {
        const Tensor part =
            a.slice(1, begin, begin + block).matmul(b.slice(0, begin, begin + block)).to(wide);
        total = total.defined() ? total + part : part;
    }
    return total;
}

bool all_equal(const Tensor& values) {
    return values.min().item<double>() == values.max().item<double>();
}

}  // namespace

/// n rows of x against all K components: the unnormalised responsibilities and what they stand on.
struct ExactField::Tile {
    const Components& components;
    const Times& times;
    const Centres& centres;
    Tensor x;            ///< [n, D], wide
    std::int64_t begin;  ///< its first row among the rows of this label
    const Tensor& rows;  ///< their places in the whole batch, or undefined: all, in order
    Tensor weights;      ///< [n, K], the largest of each row 1, in the working type
    Tensor sum;          ///< [n, 1], wide
    Tensor log_sum;      ///< [n, 1], wide: log q_t(x)

    Target target(Prediction kind) const {
        const Tensor zero = torch::zeros_like(times.alpha);
        const Tensor one = torch::ones_like(times.alpha);
        switch (kind) {
            case Prediction::velocity:
                return {times.alpha_prime, times.sigma_prime};
            case Prediction::data:
                return {one, zero};
            case Prediction::noise:
                return {zero, one};
            case Prediction::score:
                return {zero, -times.sigma.reciprocal()};
            case Prediction::salimans_ho:
                return {-times.sigma, times.alpha};
        }
        throw std::logic_error("unknown prediction");
    }

    /// d/dx of E[p x0 + q x1 | x, k], [1 or n, 1 or K].
    Tensor gain(const Target& target) const {
        return (target.p * times.alpha * components.data_variance +
                target.q * times.sigma * components.source_variance) /
               centres.variance;
    }

    /// p m + q n of coordinate d, [1 or n, K].
    Tensor base(const Target& target, std::size_t d) const {
        const Tensor of_data = target.p * components.data_mean[d];
        if (!components.source_mean[d].defined()) return of_data;
        return of_data + target.q * components.source_mean[d];
    }

    /// x - mu of coordinate d, [n, K], wide.
    Tensor offset(std::size_t d) const {
        Tensor mean = times.alpha * components.data_mean[d];
        if (components.source_mean[d].defined()) mean += times.sigma * components.source_mean[d];
        return x.slice(1, static_cast<std::int64_t>(d), static_cast<std::int64_t>(d) + 1) - mean;
    }

    /// sum_k r_k f_k for f [n or 1, K or 1]: [n, 1].
    Tensor mean_of(const Tensor& f) const { return (responsibilities() * f).sum(1, true); }
    Tensor responsibilities() const { return weights / sum; }

    /// The values of the rows of a [N, D] tensor that belong to this tile.
    Tensor rows_of(const Tensor& whole) const {
        const std::int64_t end = begin + x.size(0);
        if (!rows.defined()) return whole.slice(0, begin, end);
        return whole.index_select(0, rows.slice(0, begin, end));
    }
};

ExactField::ExactField(std::shared_ptr<const Schedule> schedule, const GaussianMixture& data,
                       torch::Device device)
    : schedule_(std::move(schedule)),
      device_(device),
      dimension_(data.dimension()),
      gaussian_source_(true),
      wide_(device.is_mps() ? torch::kFloat32 : torch::kFloat64) {
    set_up(data, standard_gaussian(dimension_));
}

ExactField::ExactField(std::shared_ptr<const Schedule> schedule, const GaussianMixture& data,
                       const GaussianMixture& source, torch::Device device)
    : schedule_(std::move(schedule)),
      device_(device),
      dimension_(data.dimension()),
      gaussian_source_(false),
      wide_(device.is_mps() ? torch::kFloat32 : torch::kFloat64) {
    if (source.dimension() != dimension_) {
        throw Error("source: its dimension differs from the data's");
    }
    if (!data.is_smooth() && !source.is_smooth()) {
        throw Error(
            "field = exact needs data or a source with a density: between two finite sets of "
            "points "
            "no density exists; set exact.kernel_width above 0");
    }
    constexpr std::int64_t most_pairs = 1'000'000;
    if (data.size() > most_pairs / source.size()) {
        throw Error("field = exact: " + std::to_string(data.size()) + " data times " +
                    std::to_string(source.size()) +
                    " source components are more than 1,000,000 pairs; lower data.count");
    }
    set_up(data, source);
}

void ExactField::set_up(const GaussianMixture& data, const GaussianMixture& source) {
    const Tensor known = std::get<0>(torch::_unique(data.labels));
    labels_.clear();
    for (std::int64_t i = 0; i < known.numel(); ++i) {
        const auto label = static_cast<int>(known[i].item<std::int64_t>());
        if (label >= 0) labels_.push_back(label);
    }
    std::sort(labels_.begin(), labels_.end());

    std::vector<int> groups{-1};
    groups.insert(groups.end(), labels_.begin(), labels_.end());
    for (const int label : groups) {
        auto made = std::make_shared<Components>();
        made->label = label;
        Tensor chosen = torch::arange(data.size());
        if (label >= 0) chosen = (data.labels == label).nonzero().squeeze(1);
        const Tensor share = data.weights.index_select(0, chosen);
        made->log_share = std::log(share.sum().item<double>());
        const std::int64_t data_count = chosen.size(0);
        const std::int64_t source_count = source.size();

        // Pair (i, j) is at i * source_count + j.
        const auto along_data = [&](const Tensor& values) {
            return values.repeat_interleave(source_count, 0);
        };
        const auto along_source = [&](const Tensor& values) {
            std::vector<std::int64_t> times(static_cast<std::size_t>(values.dim()), 1);
            times[0] = data_count;
            return values.repeat(times);
        };
        const auto to_device = [&](const Tensor& values) {
            return values.to(device_, wide_).contiguous();
        };
        const Tensor data_mean = along_data(data.means.index_select(0, chosen));
        const Tensor source_mean = along_source(source.means);
        const Tensor data_variance = along_data(data.stds.index_select(0, chosen).square());
        const Tensor source_variance = along_source(source.stds.square());
        const Tensor weight = along_data(share / share.sum()) * along_source(source.weights);
        const bool centred = (source_mean == 0).all().item<bool>();
        made->extent =
            std::max(data_mean.abs().max().item<double>(), source_mean.abs().max().item<double>());
        made->least_data_variance = data_variance.min().item<double>();
        made->least_source_variance = source_variance.min().item<double>();
        for (int d = 0; d < dimension_; ++d) {
            const auto place = static_cast<std::size_t>(d);
            made->data_mean[place] = to_device(data_mean.select(1, d).unsqueeze(0));
            if (!centred) {
                made->source_mean[place] = to_device(source_mean.select(1, d).unsqueeze(0));
            }
        }
        const bool one_width = all_equal(data_variance) && all_equal(source_variance);
        const auto row = [&](const Tensor& values, bool one) {
            return to_device((one ? values.slice(0, 0, 1) : values).unsqueeze(0));
        };
        made->data_variance = row(data_variance, one_width);
        made->source_variance = row(source_variance, one_width);
        made->log_weight = row(weight.log(), all_equal(weight));
        made->weight = to_device(weight);
        made->moments = to_device(centred ? data_mean : torch::cat({data_mean, source_mean}, 1));
        made->moments_float32 = made->moments.to(torch::kFloat32);
        components_.push_back(std::move(made));
    }
}

const ExactField::Components& ExactField::components(int label) const {
    if (label < 0) return *components_[0];
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        if (labels_[i] == label) return *components_[i + 1];
    }
    throw Error("no data point has the label " + std::to_string(label) +
                ": give some points this label or choose another");
}

ExactField::Times ExactField::times(const Tensor& t) const {
    constexpr double margin = 1e-9;
    const Tensor given = t.to(torch::kCPU, torch::kFloat64).contiguous();
    const std::int64_t count = given.numel();
    const Tensor all = torch::empty({4, count, 1}, torch::kFloat64);
    const double* time = given.data_ptr<double>();
    double* out = all.data_ptr<double>();
    for (std::int64_t i = 0; i < count; ++i) {
        const Coefficients c = schedule_->at(std::clamp(time[i], margin, 1 - margin));
        out[i] = c.alpha;
        out[count + i] = c.sigma;
        out[2 * count + i] = c.alpha_prime;
        out[3 * count + i] = c.sigma_prime;
    }
    Times result;
    result.least_alpha = count > 0 ? all[0].min().item<double>() : 1;
    result.least_sigma = count > 0 ? all[1].min().item<double>() : 1;
    const Tensor there = all.to(device_, wide_);
    result.alpha = there[0];
    result.sigma = there[1];
    result.alpha_prime = there[2];
    result.sigma_prime = there[3];
    return result;
}

template <class Read>
Tensor ExactField::read_tiles(const Tensor& x, const Times& all_times, const Tensor& label,
                              std::int64_t columns, bool precise, const Read& read) const {
    const torch::NoGradGuard no_grad;
    const std::int64_t count = x.size(0);
    const Tensor wide_x = x.detach().to(device_, wide_);
    const Tensor result = torch::empty({count, columns}, wide_x.options());
    if (count == 0) return result;

    const auto make_centres = [&](const Components& parts, const Times& time,
                                  torch::ScalarType type) {
        Centres made;
        made.variance =
            time.alpha.square() * parts.data_variance + time.sigma.square() * parts.source_variance;
        made.scaled = parts.equal_widths();
        made.bias =
            parts.log_weight - 0.5 * dimension_ * (2 * std::numbers::pi * made.variance).log();
        if (made.scaled) {
            made.scale = (2 * made.variance).rsqrt();
        } else {
            made.rate = (-0.5 * made.variance.reciprocal()).to(type);
            made.bias = made.bias.to(type);
        }
        for (int d = 0; d < dimension_; ++d) {
            const auto place = static_cast<std::size_t>(d);
            Tensor mean = time.alpha * parts.data_mean[place];
            if (parts.source_mean[place].defined()) {
                mean = mean + time.sigma * parts.source_mean[place];
            }
            if (made.scaled) mean = mean * made.scale;
            made.mean[place] = mean.to(type);
        }
        return made;
    };

    const auto read_rows = [&](const Components& parts, const Tensor& rows) {
        const Tensor points = rows.defined() ? wide_x.index_select(0, rows) : wide_x;
        const Times row_times = rows.defined() ? all_times.pick(rows) : all_times;
        const double narrowest =
            row_times.least_alpha * row_times.least_alpha * parts.least_data_variance +
            row_times.least_sigma * row_times.least_sigma * parts.least_source_variance;
        // An offset's rounding, 1e-7 of the extent, must stay small beside the component's width.
        const bool narrow = narrowest < std::pow(0.01 * parts.extent, 2);
        const auto type =
            precise || narrow || x.scalar_type() == torch::kFloat64 ? wide_ : torch::kFloat32;
        const std::int64_t step = std::max<std::int64_t>(1, tile_elements(device_) / parts.size());
        Centres shared;
        if (row_times.one()) shared = make_centres(parts, row_times, type);
        const auto read_tile = [&](std::int64_t begin, std::int64_t end) {
            const torch::NoGradGuard no_grad_here;
            const Times tile_times = row_times.rows(begin, end);
            const Centres centres =
                row_times.one() ? shared : make_centres(parts, tile_times, type);
            Tile tile{parts, tile_times, centres, points.slice(0, begin, end), begin, rows,
                      {},    {},         {}};
            const Tensor scaled = (centres.scaled ? tile.x * centres.scale : tile.x).to(type);
            Tensor distance = (scaled.slice(1, 0, 1) - centres.mean[0]).square_();
            if (dimension_ > 1) {
                const Tensor second = scaled.slice(1, 1, 2) - centres.mean[1];
                distance.addcmul_(second, second);
            }
            Tensor offset;
            if (centres.scaled && parts.log_weight.numel() == 1) {
                const Tensor nearest = distance.amin(1, true);
                tile.weights = distance.neg_().add_(nearest).exp_();
                offset = centres.bias - nearest;
            } else {
                Tensor logits = centres.scaled ? distance.neg_().add_(centres.bias.to(type))
                                               : distance.mul_(centres.rate).add_(centres.bias);
                const Tensor highest = logits.amax(1, true);
                tile.weights = logits.sub_(highest).exp_();
                offset = highest;
            }
            tile.sum = tile.weights.sum(1, true).to(wide_);
            tile.log_sum = tile.sum.log() + offset;
            const Tensor part = read(tile);
            if (rows.defined()) {
                result.index_copy_(0, rows.slice(0, begin, end), part);
            } else {
                result.slice(0, begin, end).copy_(part);
            }
        };
        share_blocks(points.size(0), step, read_tile, !device_.is_cpu());
    };

    if (!label.defined()) {
        read_rows(*components_[0], {});
        return result;
    }
    const Tensor known = label.to(torch::kCPU);
    const Tensor different = std::get<0>(torch::_unique(known.clamp_min(-1)));
    for (std::int64_t i = 0; i < different.numel(); ++i) {
        const auto wanted = different[i].item<std::int64_t>();
        const Components& parts = components(static_cast<int>(wanted));
        if (different.numel() == 1) {
            read_rows(parts, {});
        } else {
            read_rows(parts, (known.clamp_min(-1) == wanted).nonzero().squeeze(1).to(device_));
        }
    }
    return result;
}

Tensor ExactField::native_value(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return value(native(), x, t, label);
}

Tensor ExactField::value(Prediction kind, const Tensor& x, const Tensor& t,
                         const Tensor& label) const {
    if (!gaussian_source_ && kind != Prediction::velocity) {
        throw Error("this field has a velocity only, no " + std::string(name_of(kind)) +
                    ": its source is not Gaussian");
    }
    count_evaluation();
    const auto read = [&](const Tile& tile) {
        const Components& parts = tile.components;
        const Target target = tile.target(kind);
        const Tensor gain = tile.gain(target);
        const Tensor& moments =
            tile.weights.scalar_type() == torch::kFloat32 ? parts.moments_float32 : parts.moments;
        const auto means = [&](const Tensor& weights) {
            return product(weights, moments, wide_) / tile.sum;
        };
        const auto split = [&](const Tensor& both, const Tensor& p, const Tensor& q) {
            Tensor result = p * both.slice(1, 0, dimension_);
            if (both.size(1) > dimension_) result = result + q * both.slice(1, dimension_);
            return result;
        };
        // sum_k r_k [p m + q n + gain_k (x - alpha m - sigma n)].
        const Tensor plain = means(tile.weights);
        const Tensor base = split(plain, target.p, target.q);
        if (parts.equal_widths()) {
            return base + gain * (tile.x - split(plain, tile.times.alpha, tile.times.sigma));
        }
        const Tensor gained = tile.weights * gain.to(tile.weights.scalar_type());
        const Tensor total = gained.sum(1, true).to(wide_) / tile.sum;
        return base + total * tile.x - split(means(gained), tile.times.alpha, tile.times.sigma);
    };
    return read_tiles(x, times(t), label, dimension_, false, read).to(x.scalar_type());
}

// v = sum_k r_k v_k with v_k = base_k + c_k (x - mu_k), and grad r_k = r_k (g_k - mean g) with
// g_k = -(x - mu_k) / V_k, so probe^T (dv/dx) probe
//   = |probe|^2 sum_k r_k c_k + sum_k r_k probe.(v_k - v) probe.g_k;
// the divergence is the sum of it over the unit vectors. Nothing is divided by sigma.
Tensor ExactField::jacobian_form(const Tensor& probe, const Tensor& x, const Tensor& t,
                                 const Tensor& label) const {
    count_evaluation();
    const auto read = [&](const Tile& tile) {
        const Target target = tile.target(Prediction::velocity);
        const Tensor gain = tile.gain(target);
        const Tensor share = tile.responsibilities();
        const Tensor spread = (share * gain).sum(1, true);
        const Tensor along = probe.defined() ? tile.rows_of(probe).to(device_, wide_) : Tensor();
        Tensor velocities, gradients, total;
        for (int d = 0; d < dimension_; ++d) {
            const auto place = static_cast<std::size_t>(d);
            const Tensor offset = tile.offset(place);
            Tensor v = tile.base(target, place) + gain * offset;
            Tensor g = -offset / tile.centres.variance;
            v = v - (share * v).sum(1, true);
            if (!along.defined()) {
                const Tensor part = (share * v * g).sum(1, true) + spread;
                total = total.defined() ? total + part : part;
            } else {
                const Tensor weight = along.slice(1, d, d + 1);
                velocities = velocities.defined() ? velocities + weight * v : weight * v;
                gradients = gradients.defined() ? gradients + weight * g : weight * g;
            }
        }
        if (!along.defined()) return total;
        return (share * velocities * gradients).sum(1, true) + along.square().sum(1, true) * spread;
    };
    return read_tiles(x, times(t), label, 1, true, read).squeeze(1).to(x.scalar_type());
}

Tensor ExactField::divergence(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return jacobian_form({}, x, t, label);
}

Tensor ExactField::probed_divergence(const Tensor& probe, const Tensor& x, const Tensor& t,
                                     const Tensor& label) const {
    return jacobian_form(probe, x, t, label);
}

Tensor ExactField::log_density(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return read_tiles(x, times(t), label, 1, false, [](const Tile& tile) { return tile.log_sum; })
        .squeeze(1)
        .to(x.scalar_type());
}

// Given the pair k, Var(p x0 + q x1 | x) = a^2 b^2 (p sigma - q alpha)^2 / V a coordinate, with a
// and b the components' widths; the spread of the pairs' means comes on top.
Tensor ExactField::target_variance(Prediction kind, const Tensor& x, const Tensor& t,
                                   const Tensor& label) const {
    if (!gaussian_source_ && kind != Prediction::velocity) {
        throw Error("only the velocity's target has a known variance: the source is not Gaussian");
    }
    const auto read = [&](const Tile& tile) {
        const Target target = tile.target(kind);
        const Tensor gain = tile.gain(target);
        const Tensor share = tile.responsibilities();
        const Tensor within = tile.components.data_variance * tile.components.source_variance *
                              (target.p * tile.times.sigma - target.q * tile.times.alpha).square() /
                              tile.centres.variance;
        Tensor total = dimension_ * (share * within).sum(1, true);
        for (int d = 0; d < dimension_; ++d) {
            const auto place = static_cast<std::size_t>(d);
            const Tensor mean = tile.base(target, place) + gain * tile.offset(place);
            const Tensor centre = (share * mean).sum(1, true);
            total = total + (share * (mean - centre).square()).sum(1, true);
        }
        return total;
    };
    return read_tiles(x, times(t), label, 1, true, read).squeeze(1).to(x.scalar_type());
}

ExactField::Pairs ExactField::posterior_pairs(const Tensor& x, double t, const Tensor& label,
                                              torch::Generator generator) const {
    const Tensor uniform = torch::rand({x.size(0), 1}, generator, torch::kFloat64).to(wide_);
    const Tensor normal =
        torch::randn({x.size(0), dimension_}, generator, torch::kFloat64).to(wide_);
    const auto read = [&](const Tile& tile) {
        const Components& parts = tile.components;
        const Tensor cumulative = tile.weights.cumsum(1);
        const Tensor level =
            tile.rows_of(uniform).to(device_) * cumulative.slice(1, parts.size() - 1);
        const Tensor k = torch::searchsorted(cumulative, level, false, true)
                             .clamp_max(parts.size() - 1)
                             .squeeze(1);
        const auto of_pair = [&](const Tensor& row) {
            return row.size(1) == 1 ? row : row.index_select(1, k).view({-1, 1});
        };
        const Tensor data_variance = of_pair(parts.data_variance);
        const Tensor source_variance = of_pair(parts.source_variance);
        const Tensor& alpha = tile.times.alpha;
        const Tensor& sigma = tile.times.sigma;
        const Tensor variance = alpha.square() * data_variance + sigma.square() * source_variance;
        const Tensor moments = parts.moments.index_select(0, k);
        const Tensor data_mean = moments.slice(1, 0, dimension_);
        Tensor centre = alpha * data_mean;
        if (moments.size(1) > dimension_) {
            centre = centre + sigma * moments.slice(1, dimension_);
        }
        const Tensor width = (data_variance * source_variance / variance).sqrt() * sigma;
        return data_mean + alpha * data_variance / variance * (tile.x - centre) +
               width * tile.rows_of(normal).to(device_);
    };
    const Times time = times(at_time(t));
    const Tensor x0 = read_tiles(x, time, label, dimension_, true, read);
    const Tensor x1 = (x.to(device_, wide_) - time.alpha * x0) / time.sigma;
    return {x0.to(x.scalar_type()), x1.to(x.scalar_type())};
}

Tensor ExactField::draw_mixture(const Components& parts, double alpha, double sigma,
                                std::int64_t count, torch::Generator generator) const {
    const auto wide = [](const Tensor& values) { return values.to(torch::kCPU, torch::kFloat64); };
    const Tensor cumulative = wide(parts.weight).cumsum(0);
    const Tensor level = torch::rand({count}, generator, torch::kFloat64) * cumulative[-1];
    const Tensor k =
        torch::searchsorted(cumulative, level, false, true).clamp_max(parts.size() - 1);
    const Tensor normal = torch::randn({count, dimension_}, generator, torch::kFloat64);
    const Tensor moments = wide(parts.moments).index_select(0, k);
    Tensor mean = alpha * moments.slice(1, 0, dimension_);
    if (moments.size(1) > dimension_) mean = mean + sigma * moments.slice(1, dimension_);
    Tensor variance =
        wide(alpha * alpha * parts.data_variance + sigma * sigma * parts.source_variance)
            .view({-1, 1});
    if (variance.size(0) > 1) variance = variance.index_select(0, k);
    return (mean + variance.sqrt() * normal).to(device_, torch::kFloat32);
}

Tensor ExactField::draw_data(std::int64_t count, int label, torch::Generator generator) const {
    return draw_mixture(components(label), 1, 0, count, std::move(generator));
}

Tensor ExactField::draw(std::int64_t count, double t, int label, torch::Generator generator) const {
    const Coefficients c = schedule_->at(t);
    return draw_mixture(components(label), c.alpha, c.sigma, count, std::move(generator));
}

Tensor ExactField::data_log_density(const Tensor& x, const Tensor& label) const {
    const Tensor zero = torch::zeros({1, 1}, torch::dtype(wide_).device(device_));
    const Times at_data{zero + 1, zero, zero, zero, 1, 0};
    return read_tiles(x, at_data, label, 1, false, [](const Tile& tile) { return tile.log_sum; })
        .squeeze(1)
        .to(x.scalar_type());
}

std::int64_t ExactField::pairs() const {
    return components_[0]->size();
}

bool ExactField::smooth_data() const {
    return components_[0]->least_data_variance > 0;
}

double ExactField::log_share(int label) const {
    return components(label).log_share;
}

Tensor ExactField::log_class_probability(const Tensor& x, const Tensor& t, int label) const {
    const Tensor of_class = torch::full({x.size(0)}, label, torch::kInt64);
    return log_density(x, t, of_class) + log_share(label) - log_density(x, t);
}

}  // namespace driftglass
