#include "core/field/stoppable_field.hpp"

#include "core/error.hpp"
#include "core/field/exact_field.hpp"
#include "core/path/schedule.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

ExactField two_classes() {
    const std::vector<MixtureComponent> components = {{{-1, 0.5}, 0.4, 1, 0}, {{1, 0}, 0.6, 2, 1}};
    return {make_schedule(PathSettings{}), mixture_of_components(components, 2)};
}

/// Asks for a stop while it is evaluated for the third time.
class AskingField final : public Field {
public:
    AskingField(const Field& field, std::stop_source& stop) : field_(field), stop_(stop) {}

    int dimension() const override { return field_.dimension(); }
    const Schedule& schedule() const override { return field_.schedule(); }
    torch::Device device() const override { return field_.device(); }
    Prediction native() const override { return field_.native(); }
    torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                               const torch::Tensor& label) const override {
        if (++calls == 3) stop_.request_stop();
        return field_.value(native(), x, t, label);
    }

    mutable int calls = 0;

private:
    const Field& field_;
    std::stop_source& stop_;
};

}  // namespace

TEST_CASE("a field in slices answers as it does whole") {
    const ExactField whole = two_classes();
    const StoppableField sliced(whole, 3, {});
    const torch::Generator generator = at::detail::createCPUGenerator(5);
    const torch::Tensor x = torch::randn({11, 2}, generator);
    const torch::Tensor times = torch::linspace(0.1, 0.9, 11, torch::kFloat64);
    const torch::Tensor labels = torch::arange(11).remainder(3) - 1;
    for (const torch::Tensor& t : {at_time(0.3), times}) {
        for (const torch::Tensor& label : {torch::Tensor(), labels}) {
            CHECK(torch::allclose(sliced.velocity(x, t, label), whole.velocity(x, t, label)));
            CHECK(torch::allclose(sliced.score(x, t, label), whole.score(x, t, label)));
            CHECK(torch::allclose(sliced.divergence(x, t, label), whole.divergence(x, t, label)));
            CHECK(torch::allclose(sliced.probed_divergence(x.sign(), x, t, label),
                                  whole.probed_divergence(x.sign(), x, t, label)));
            CHECK(torch::allclose(sliced.log_density(x, t, label), whole.log_density(x, t, label)));
        }
    }
    CHECK(sliced.velocity(x.narrow(0, 0, 0), at_time(0.3)).sizes() == torch::IntArrayRef({0, 2}));
}

TEST_CASE("a field is given up between two slices") {
    const ExactField exact = two_classes();
    std::stop_source stop;
    const AskingField asking(exact, stop);
    const StoppableField field(asking, 10, stop.get_token());
    CHECK(field.data(torch::zeros({20, 2}), at_time(0.5)).size(0) == 20);
    CHECK_THROWS_AS(field.data(torch::zeros({1000, 2}), at_time(0.5)), Stopped);
    CHECK(asking.calls == 3);
}
