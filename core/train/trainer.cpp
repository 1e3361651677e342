#include "core/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/key.hpp"
#include "core/model/position_features.hpp"
#include "core/model/time_features.hpp"
#include "core/train/classifier_trainer.hpp"
#include "core/train/coupling.hpp"
#include "core/train/data_change.hpp"
#include "core/train/gradient.hpp"
#include "core/train/implicit_score_matching.hpp"
#include "core/train/learning_rate.hpp"
#include "core/train/objective.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t time_rows = 8192;
/// Columns of the table of times: cos, sin, weight, then the features.
constexpr int fixed_columns = 3;

int label_count(const torch::Tensor& label) {
    if (!label.defined() || label.numel() == 0) return 0;
    const std::int64_t most = label.max().item<std::int64_t>();
    if (most > largest_label) {
        throw Error("a label is " + std::to_string(most) + ": use whole numbers from 0 to " +
                    std::to_string(largest_label) + ".");
    }
    return static_cast<int>(std::max<std::int64_t>(most + 1, 0));
}

Pairs on_device(const PointSet& data, torch::Device device) {
    Pairs result;
    const std::int64_t n = data.size();
    result.x0 = torch::empty({n, data.dimension});
    std::copy(data.x.begin(), data.x.end(), result.x0.data_ptr<float>());
    result.x0 = result.x0.to(device);
    if (!data.labels.empty()) {
        result.label = torch::empty({n}, torch::kInt64);
        std::copy(data.labels.begin(), data.labels.end(), result.label.data_ptr<std::int64_t>());
        result.label = result.label.to(device);
    }
    return result;
}

}  // namespace

struct Trainer::State {
    Network network;
    torch::Tensor average, momentum, variance, adam_steps;
    std::optional<ClassifierTrainer> classifier;
    bool classifier_learnt;
    std::int64_t steps;
    double age;
};

struct Trainer::Impl {
    Impl(const ModelSettings& model, const TrainingSettings& settings,
         const CouplingSettings& coupling, std::shared_ptr<const Schedule> schedule,
         TrainingSource source, Pairs data, torch::Device device, std::uint64_t seed);

    void replace_data(Pairs data, double change);
    void rebuild_times();
    void rebuild_optimiser();
    void grow_labels(int count);
    void renew_classifier(double change);
    void one_step();
    struct Batch {
        torch::Tensor input;   ///< [B, inputs]
        torch::Tensor target;  ///< [B, D]
        torch::Tensor weight;  ///< [B, 1]
        torch::Tensor cos, sin;
        torch::Tensor label;  ///< [B], none hidden; undefined where the data have none
    };
    Batch draw_batch();
    void read_loss();

    TrainingSettings settings;
    CouplingSettings coupling;
    std::shared_ptr<const Schedule> schedule;
    TrainingSource source;
    torch::Device device;
    torch::Generator generator;
    Network network;
    bool paired = false;

    Pairs data;            ///< as given, on the device
    torch::Tensor z0, z1;  ///< [N, D] normalised; z1 only for pairs
    PointSet points;       ///< the same as given, to measure change by

    torch::Tensor times;      ///< [time_rows, 3 + features] on the device
    double weight_scale = 1;  ///< loss = weight_scale * the weighted mean that training sees
    torch::Tensor strata;     ///< [B]

    bool classifier_wanted = false;
    std::optional<ClassifierTrainer> classifier;
    bool classifier_learnt = false;  ///< not as it began
    std::uint64_t classifier_seed;

    Gradient gradient_of;
    torch::Tensor gradient, average, momentum, variance, adam_steps;
    std::int64_t steps = 0;
    double age = 0;  ///< steps that count for the learning rate and the average

    torch::Tensor loss_average;  ///< scalar on the device
    double loss_share = 0;       ///< how much of it is not its first zero
    bool diverged = false;
};

namespace {

Normalisation normalisation_of(const Pairs& data, const TrainingSource& source, bool paired,
                               const CouplingSettings& coupling, torch::Generator& generator) {
    Normalisation n;
    const auto moments = [](const torch::Tensor& x, std::array<double, 2>& mean, double& std) {
        const torch::Tensor wide = x.to(torch::kCPU).to(torch::kFloat64);
        const torch::Tensor m = wide.mean(0);
        for (std::int64_t k = 0; k < m.size(0); ++k)
            mean[k] = m[k].item<double>();
        std = std::sqrt((wide - m).square().mean().item<double>());
    };
    if (data.x0.size(0) > 0) moments(data.x0, n.data_mean, n.data_std);
    if (paired) {
        if (data.x1.size(0) > 0) moments(data.x1, n.source_mean, n.source_std);
    } else if (makes_x1(coupling.kind)) {
        n.source_mean = n.data_mean;
        n.source_std = made_x1_std(coupling, n.data_std);
    } else if (!source.gaussian) {
        moments(source.draw(4096, generator), n.source_mean, n.source_std);
    }
    // All points equal: a width that is small beside the other end keeps the path well defined.
    const double least = 1e-3 * std::max(n.data_std, n.source_std);
    n.data_std = std::max(n.data_std, least > 0 ? least : 1);
    n.source_std = std::max(n.source_std, least > 0 ? least : 1);
    return n;
}

/// The box of the data, wider by two of their standard deviations: fresh points of the same law may
/// lie a little outside, and their likelihood would suffer from a wall beside them.
Reach reach_of(const torch::Tensor& z0) {
    Reach reach;
    constexpr double margin = 2;
    const torch::Tensor low = std::get<0>(z0.min(0)), high = std::get<0>(z0.max(0));
    for (std::int64_t k = 0; k < z0.size(1); ++k) {
        reach.low[static_cast<std::size_t>(k)] = low[k].item<double>() - margin;
        reach.high[static_cast<std::size_t>(k)] = high[k].item<double>() + margin;
    }
    return reach;
}

/// Whether the network's own normalisation still serves data that would now get `fresh`.
bool still_serves(const Normalisation& present, const Normalisation& fresh) {
    const auto near = [](const std::array<double, 2>& a, double a_std,
                         const std::array<double, 2>& b, double b_std) {
        const double ratio = b_std / a_std;
        return ratio > 0.6 && ratio < 1.6 && std::hypot(a[0] - b[0], a[1] - b[1]) < 0.6 * a_std;
    };
    return near(present.data_mean, present.data_std, fresh.data_mean, fresh.data_std) &&
           near(present.source_mean, present.source_std, fresh.source_mean, fresh.source_std);
}

torch::Tensor copy_on(const torch::Tensor& t, torch::Device device) {
    return t.to(device, t.scalar_type(), false, true);
}

torch::Tensor normalised(const torch::Tensor& x, const std::array<double, 2>& mean, double std) {
    const torch::Tensor m =
        torch::tensor({mean[0], mean[1]}, torch::kFloat64).narrow(0, 0, x.size(1));
    // In double on the CPU: far from the origin, subtracting in float would cost the digits.
    return ((x.to(torch::kCPU).to(torch::kFloat64) - m) / std).to(torch::kFloat32).to(x.device());
}

void check_kind(const ModelSettings& model, const TrainingSettings& settings, bool has_score) {
    if (has_score) return;
    if (model.prediction != Prediction::velocity) {
        throw Error("model.prediction " + std::string(name_of(model.prediction)) +
                    " needs a Gaussian source and the independent coupling; here only velocity can "
                    "be learnt.");
    }
    if (settings.objective == Objective::implicit_score_matching) {
        throw Error(
            "training.objective implicit-score-matching needs a Gaussian source and the "
            "independent coupling: here no score exists.");
    }
}

}  // namespace

Trainer::Impl::Impl(const ModelSettings& model, const TrainingSettings& the_settings,
                    const CouplingSettings& the_coupling,
                    std::shared_ptr<const Schedule> the_schedule, TrainingSource the_source,
                    Pairs the_data, torch::Device the_device, std::uint64_t seed)
    : settings(the_settings),
      coupling(the_coupling),
      schedule(std::move(the_schedule)),
      source(std::move(the_source)),
      device(the_device),
      generator(torch::globalContext().defaultGenerator(the_device).clone()),
      network(model, static_cast<int>(the_data.x0.size(1)), label_count(the_data.label), {},
              the_device, seed),
      paired(the_data.x1.defined()),
      classifier_seed(seed + 2) {
    check_ranges("training", settings);
    generator.set_current_seed(seed + 1);
    data = std::move(the_data);
    network.set_normalisation(normalisation_of(data, source, paired, coupling, generator));
    rebuild_optimiser();
    loss_average = torch::zeros({}, torch::TensorOptions(device));
    replace_data(data, 0);
}

void Trainer::Impl::rebuild_optimiser() {
    const torch::Tensor& w = network.weights();
    gradient = torch::zeros_like(w);
    average = w.clone();
    momentum = torch::zeros_like(w);
    variance = torch::zeros_like(w);
    adam_steps = torch::zeros({}, torch::TensorOptions(device));
}

void Trainer::Impl::grow_labels(int count) {
    if (count <= network.labels()) return;
    network.grow_labels(count);
    const std::int64_t size = network.weights().numel();
    for (torch::Tensor* t : {&gradient, &average, &momentum, &variance}) {
        *t = at::cat({*t, at::zeros({size - t->numel()}, t->options())});
    }
}

void Trainer::Impl::replace_data(Pairs fresh, double change) {
    const torch::NoGradGuard no_grad;
    grow_labels(label_count(fresh.label));
    data = std::move(fresh);
    if (data.x0.size(0) > 0) {
        const Normalisation now = normalisation_of(data, source, paired, coupling, generator);
        if (!still_serves(network.normalisation(), now)) {
            network.set_normalisation(now);
            change = 1;
        }
    }
    const Normalisation& n = network.normalisation();
    z0 = normalised(data.x0, n.data_mean, n.data_std);
    if (paired) z1 = normalised(data.x1, n.source_mean, n.source_std);
    // Later rounds that come from a file have no pairs yet: theirs is in the file.
    if (z0.size(0) > 0) network.set_reach(reach_of(z0));
    age = age_after_change(age, change);
    rebuild_times();
    renew_classifier(change);
}

/// What was learnt stays where the classes and the scale do.
void Trainer::Impl::renew_classifier(double change) {
    if (!data.label.defined()) classifier.reset();
    if (!data.label.defined() || (!classifier && !classifier_wanted)) return;
    const torch::Tensor shares = log_class_shares(data.label, network.labels());
    if (classifier && classifier->current().classes() == network.labels() + 1 &&
        classifier->current().normalisation() == network.normalisation()) {
        classifier->set_data(shares, change);
        return;
    }
    classifier.emplace(
        Classifier(network.dimension(), shares, network.normalisation(), device, classifier_seed));
    classifier_learnt = false;
}

void Trainer::Impl::rebuild_times() {
    const int columns = fixed_columns + time_feature_count;
    torch::Tensor table = torch::empty({time_rows, columns});
    float* row = table.data_ptr<float>();
    std::vector<double> weights(time_rows);
    double total = 0;
    for (std::int64_t i = 0; i < time_rows; ++i, row += columns) {
        const double t =
            time_quantile(settings.time, *schedule, (i + 0.5) / static_cast<double>(time_rows));
        const Coefficients at = schedule->at(t);
        const Affine a = affine(network.normalisation(), at, Prediction::velocity);
        row[0] = static_cast<float>(a.cos);
        row[1] = static_cast<float>(a.sin);
        weights[i] = loss_weight(settings.weighting, network.settings().prediction,
                                 network.normalisation(), at);
        total += weights[i];
        write_time_features(
            a.cos, a.sin,
            std::span<float, time_feature_count>(row + fixed_columns, time_feature_count));
    }
    weight_scale = total / static_cast<double>(time_rows);
    for (std::int64_t i = 0; i < time_rows; ++i) {
        table.data_ptr<float>()[i * columns + 2] = static_cast<float>(weights[i] / weight_scale);
    }
    times = table.to(device);
    strata = torch::arange(settings.batch, torch::TensorOptions(device));
}

Trainer::Impl::Batch Trainer::Impl::draw_batch() {
    const std::int64_t b = settings.batch;
    const auto options = torch::TensorOptions(device);
    torch::Tensor u = torch::rand({b}, generator, options);
    if (settings.time == TimeSampling::stratified) u.add_(strata).div_(static_cast<double>(b));
    const torch::Tensor rows =
        u.mul_(static_cast<double>(time_rows)).to(torch::kInt64).clamp_max_(time_rows - 1);
    const torch::Tensor table = at::index_select(times, 0, rows);
    const torch::Tensor chosen =
        torch::randint(data.x0.size(0), {b}, generator, options.dtype(torch::kInt64));
    const torch::Tensor start = at::index_select(z0, 0, chosen);
    torch::Tensor label;
    if (data.label.defined()) label = at::index_select(data.label, 0, chosen);
    Batch batch;
    batch.label = label;

    torch::Tensor end;
    const Normalisation& n = network.normalisation();
    if (paired) {
        end = at::index_select(z1, 0, chosen);
    } else if (!makes_x1(coupling.kind)) {
        end = source.gaussian ? torch::randn(start.sizes(), generator, options)
                              : source.draw(b, generator);
        // A Gaussian's too where the weights were learnt with another coupling.
        if (n.source_std != 1 || n.source_mean != std::array<double, 2>{})
            end = normalised(end, n.source_mean, n.source_std);
        end = end.to(device);
    }
    if (network.labels() > 0 && label.defined()) {
        label = labels_seen(label, settings.label_dropout, generator);
    }
    if (!paired) end = couple(coupling, n, start, end, label, generator);

    batch.cos = table.narrow(1, 0, 1);
    batch.sin = table.narrow(1, 1, 1);
    batch.weight = table.narrow(1, 2, 1);
    const std::int64_t d = start.size(1);
    batch.input = at::empty({b, network.shape().inputs}, options);
    const torch::Tensor z = at::mul(start, batch.cos).addcmul_(end, batch.sin);
    batch.target = at::mul(end, batch.cos);
    batch.target.addcmul_(start, batch.sin, -1);
    const std::int64_t places = position_columns(static_cast<int>(d));
    if (batch.input.is_cpu()) {
        batch.input.narrow(1, 0, d).copy_(z);
        write_position_waves(batch.input.data_ptr<float>(), batch.input.size(1), b,
                             static_cast<int>(d));
    } else {
        batch.input.narrow(1, 0, places).copy_(position_features(z));
    }
    batch.input.narrow(1, places, time_feature_count)
        .copy_(table.narrow(1, fixed_columns, time_feature_count));
    if (network.labels() > 0) {
        torch::Tensor columns =
            batch.input.narrow(1, places + time_feature_count, network.labels());
        if (label.defined()) {
            columns.copy_(label_columns(label, network.labels()));
        } else {
            columns.zero_();
        }
    }
    return batch;
}

void Trainer::Impl::one_step() {
    const torch::NoGradGuard no_grad;
    const Batch batch = draw_batch();
    torch::Tensor loss;
    if (settings.objective == Objective::implicit_score_matching) {
        loss = implicit_score_matching(network, batch.input, batch.cos, batch.sin, batch.weight,
                                       gradient);
    } else {
        loss = gradient_of(network.weights(), network.shape(), batch.input, batch.target,
                           batch.weight, gradient);
    }
    adam_steps.add_(1);
    at::_fused_adam_({network.weights()}, {gradient}, {momentum}, {variance}, {}, {adam_steps},
                     learning_rate(settings.learning_rate, age), adam_beta1, adam_beta2, 0,
                     adam_epsilon, false, false);
    average.lerp_(network.weights(), 1 - average_decay(settings.ema, age));
    if (classifier && classifier_wanted) {
        const std::int64_t places = position_columns(network.dimension());
        classifier->step(batch.input.narrow(1, 0, network.dimension()),
                         batch.input.narrow(1, places, time_feature_count), batch.cos, batch.label,
                         settings.learning_rate, settings.ema);
        classifier_learnt = true;
    }
    constexpr double share = 0.02;
    loss_average.lerp_(loss, share);
    loss_share += (1 - loss_share) * share;
    ++steps;
    age += 1;
}

void Trainer::Impl::read_loss() {
    const double value = loss_average.item<double>();
    if (steps > 0 && !std::isfinite(value)) diverged = true;
}

Trainer::Trainer(const ModelSettings& model, const TrainingSettings& training,
                 const CouplingSettings& coupling, std::shared_ptr<const Schedule> schedule,
                 TrainingSource source, const PointSet& data, torch::Device device,
                 std::uint64_t seed) {
    check_kind(model, training, source.gaussian && coupling.kind == CouplingKind::independent);
    impl_ = std::make_unique<Impl>(model, training, coupling, std::move(schedule),
                                   std::move(source), on_device(data, device), device, seed);
    impl_->points = data;
}

Trainer::Trainer(const ModelSettings& model, const TrainingSettings& training,
                 std::shared_ptr<const Schedule> schedule, const Pairs& pairs, torch::Device device,
                 std::uint64_t seed) {
    check_kind(model, training, false);
    Pairs moved{pairs.x0.to(device), pairs.x1.to(device),
                pairs.label.defined() ? pairs.label.to(device) : pairs.label};
    impl_ = std::make_unique<Impl>(model, training, CouplingSettings{}, std::move(schedule),
                                   TrainingSource{}, std::move(moved), device, seed);
}

Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

void Trainer::step() {
    if (!can_train()) return;
    impl_->one_step();
    if (impl_->steps % 100 == 0) impl_->read_loss();
}

std::int64_t Trainer::run_for(std::chrono::microseconds budget, std::int64_t most) {
    const auto end = std::chrono::steady_clock::now() + budget;
    std::int64_t count = 0;
    while (count < most && can_train()) {
        impl_->one_step();
        ++count;
        if (std::chrono::steady_clock::now() >= end) break;
    }
    if (count > 0) impl_->read_loss();
    return count;
}

bool Trainer::can_train() const {
    return !impl_->diverged && impl_->data.x0.size(0) > 0;
}
bool Trainer::diverged() const {
    return impl_->diverged;
}

void Trainer::set_data(const PointSet& points) {
    Impl& self = *impl_;
    if (self.paired) throw Error("a trainer on fixed pairs takes no other data.");
    Pairs fresh = on_device(points, self.device);
    self.replace_data(std::move(fresh), changed_share(self.points, points));
    self.points = points;
}

void Trainer::set_training(const TrainingSettings& settings) {
    check_ranges("training", settings);
    check_kind(impl_->network.settings(), settings, has_score());
    const bool other_loss = settings.time != impl_->settings.time ||
                            settings.weighting != impl_->settings.weighting ||
                            settings.objective != impl_->settings.objective;
    impl_->settings = settings;
    if (other_loss) {
        impl_->loss_average.zero_();
        impl_->loss_share = 0;
    }
    impl_->rebuild_times();
}

void Trainer::start_from(const Network& network) {
    Impl& self = *impl_;
    if (network.settings() != self.network.settings() ||
        network.dimension() != self.network.dimension()) {
        throw Error(
            "these weights are of a network of another shape: use the same model.width, "
            "model.depth and model.prediction.");
    }
    Network start = network;
    start.to(self.device);
    start.grow_labels(self.network.labels());
    self.network = std::move(start);
    self.rebuild_optimiser();
    self.diverged = false;
    self.loss_average.zero_();
    self.loss_share = 0;
    // Keeps the normalisation that the weights were learnt with, where it serves.
    self.replace_data(self.data, 0);
}

void Trainer::train_classifier(bool wanted) {
    impl_->classifier_wanted = wanted;
    if (wanted && !impl_->classifier) impl_->renew_classifier(0);
}

void Trainer::start_classifier(const Classifier& start) {
    Impl& self = *impl_;
    Classifier copy = start;
    copy.to(self.device);
    self.classifier.emplace(std::move(copy));
    self.classifier_learnt = true;
    self.renew_classifier(0);
}

std::shared_ptr<const Classifier> Trainer::classifier() const {
    if (!impl_->classifier || !impl_->classifier_learnt) return nullptr;
    return std::make_shared<const Classifier>(impl_->classifier->averaged());
}

std::int64_t Trainer::steps() const {
    return impl_->steps;
}

std::int64_t Trainer::age() const {
    return std::llround(impl_->age);
}

double Trainer::loss() {
    if (impl_->loss_share == 0) return std::numeric_limits<double>::quiet_NaN();
    impl_->read_loss();
    return impl_->loss_average.item<double>() / impl_->loss_share * impl_->weight_scale;
}

std::shared_ptr<const Network> Trainer::averaged() const {
    auto copy = std::make_shared<Network>(impl_->network);
    copy->set_weights(impl_->average);
    return copy;
}

std::shared_ptr<const Network> Trainer::current() const {
    return std::make_shared<Network>(impl_->network);
}

bool Trainer::has_score() const {
    return impl_->source.gaussian && !impl_->paired &&
           impl_->coupling.kind == CouplingKind::independent;
}

const std::shared_ptr<const Schedule>& Trainer::schedule() const {
    return impl_->schedule;
}

std::shared_ptr<const Trainer::State> Trainer::state() const {
    const Impl& self = *impl_;
    for (const torch::Tensor& numbers :
         {self.network.weights(), self.average, self.momentum, self.variance}) {
        if (!numbers.isfinite().all().item<bool>()) return nullptr;
    }
    Network network = self.network;
    network.to(torch::kCPU);
    auto state = std::make_shared<State>(State{
        std::move(network), copy_on(self.average, torch::kCPU), copy_on(self.momentum, torch::kCPU),
        copy_on(self.variance, torch::kCPU), copy_on(self.adam_steps, torch::kCPU), std::nullopt,
        self.classifier_learnt, self.steps, self.age});
    if (self.classifier && self.classifier->finite())
        state->classifier.emplace(self.classifier->copy_on(torch::kCPU));
    return state;
}

void Trainer::restore(const State& state) {
    Impl& self = *impl_;
    const int labels = self.network.labels();
    self.network = state.network;
    self.network.to(self.device);
    self.average = copy_on(state.average, self.device);
    self.momentum = copy_on(state.momentum, self.device);
    self.variance = copy_on(state.variance, self.device);
    self.adam_steps = copy_on(state.adam_steps, self.device);
    self.gradient = torch::zeros_like(self.average);
    self.steps = state.steps;
    self.age = state.age;
    self.grow_labels(labels);
    self.diverged = false;
    self.loss_average.zero_();
    self.loss_share = 0;
    self.classifier.reset();
    if (state.classifier) self.classifier.emplace(state.classifier->copy_on(self.device));
    self.classifier_learnt = state.classifier_learnt;
    self.replace_data(self.data, 0);
}

}  // namespace driftglass
