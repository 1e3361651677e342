#include "app/layers/arrows.hpp"

namespace driftglass {

void ShownArrows::aim(std::shared_ptr<const ArrowGrid> grid, double now, bool ease) {
    if (grid == grid_) return;
    const bool same_place = grid != nullptr && grid_ != nullptr && grid->world == grid_->world &&
                            grid->columns == grid_->columns;
    grid_ = std::move(grid);
    velocity_.aim(grid_ ? grid_->velocity : std::vector<float>{}, now, ease && same_place);
    weight_.aim(grid_ ? grid_->weight : std::vector<float>{}, now, ease && same_place);
}

void ShownArrows::advance(double now) {
    velocity_.advance(now);
    weight_.advance(now);
}

void ShownArrows::add_to(LineBatch& batch, const View& view, const Theme& theme,
                         float strength) const {
    if (grid_ == nullptr || strength <= 0) return;
    const std::array<float, 3> colour = channels(theme.dark ? 0xC4CEDB : theme.conditional);
    const float strongest = (theme.dark ? 0.55f : 0.72f) * std::min(1.0f, strength / 0.6f);
    const float faintest = theme.dark ? 0.2f : 0.42f;  // of the strongest
    // Of a Gaussian's maximum, where 95 % of its mass lie within.
    constexpr float rare = 0.05f;
    const float cell_x =
        (grid_->world.x_max - grid_->world.x_min) / static_cast<float>(grid_->columns);
    const float cell_y =
        (grid_->world.y_max - grid_->world.y_min) / static_cast<float>(grid_->rows);
    const float head = 5 * view.unit;
    // Longer ones would run into each other.
    const float most =
        0.75f * std::min(cell_x * std::abs(view.x_scale()), cell_y * std::abs(view.y_scale()));
    for (int j = 0; j < grid_->rows; ++j) {
        for (int i = 0; i < grid_->columns; ++i) {
            const auto cell =
                static_cast<std::size_t>(j) * grid_->columns + static_cast<std::size_t>(i);
            const float x = -velocity_.shown()[2 * cell] * view.x_scale();
            const float y = -velocity_.shown()[2 * cell + 1] * view.y_scale();
            const float pixels = std::hypot(x, y);
            const float speed =
                std::hypot(velocity_.shown()[2 * cell], velocity_.shown()[2 * cell + 1]);
            if (!(speed > 0) || !std::isfinite(pixels)) continue;
            const float weight = std::clamp(weight_.shown()[cell], 0.0f, 1.0f);
            const float longest = weight < rare ? 16.0f : 22.0f;
            const float wanted = std::min(7.2f * std::sqrt(speed), longest) * view.unit;
            if (wanted < 1.5f * view.unit) continue;
            const float length = std::min(wanted, most);
            const float dx = x / pixels, dy = y / pixels;
            const float middle_x =
                view.x(grid_->world.x_min + (static_cast<float>(i) + 0.5f) * cell_x);
            const float middle_y =
                view.y(grid_->world.y_min + (static_cast<float>(j) + 0.5f) * cell_y);
            // The fourth root: the eye should still find the field where next to no sample goes.
            const float alpha = strongest * std::max(std::sqrt(std::sqrt(weight)), faintest) *
                                clear_of_words(view, middle_y);
            if (alpha <= 0) continue;
            const Ink line{colour, alpha};
            const float tip_x = middle_x + 0.5f * length * dx;
            const float tip_y = middle_y + 0.5f * length * dy;
            const float barb = std::min(head, 0.5f * length);
            const float neck_x = tip_x - barb * dx, neck_y = tip_y - barb * dy;
            const LinePoint shaft[] = {{middle_x - 0.5f * length * dx,
                                        middle_y - 0.5f * length * dy, 0.55f * view.unit, line},
                                       {neck_x, neck_y, 0.55f * view.unit, line}};
            const LinePoint point[] = {{neck_x, neck_y, 0.42f * barb, line},
                                       {tip_x, tip_y, 0, line}};
            batch.add(shaft);
            batch.add(point);
        }
    }
}

}  // namespace driftglass
