// What is drawn piece by piece is, pixel by pixel, what is drawn whole.

#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <functional>
#include <random>
#include <string>

#include "app/gl/framebuffer.hpp"
#include "app/panels/placed_picture.hpp"
#include "app/window/graphics.hpp"
#include "app/window/retained_frame.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

constexpr int width = 320, height = 240;
constexpr Rgb ground = 0x203040;

class Frames {
public:
    Frames()
        : graphics_(hidden()), whole_(width, height, gl::Texels::rgba8), pieces_(whole_size()) {
        graphics_.dress({}, 720, 1);
    }

    /// Draws `panels` both ways; whether anything was drawn, and that both are the same.
    bool draw(const std::function<void()>& panels) {
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {width, height};
        io.DeltaTime = 1.0f / 60;
        ImGui_ImplOpenGL3_NewFrame();
        ImGui::NewFrame();
        panels();
        ImGui::Render();
        const bool drawn = retained_.draw(*ImGui::GetDrawData(), ground);
        pieces_.bind();
        retained_.show();
        const auto pieces = gl::read_pixels(width, height);
        whole_.bind();
        glClearColor(0x20 / 255.0f, 0x30 / 255.0f, 0x40 / 255.0f, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        CHECK(pieces == gl::read_pixels(width, height));
        return drawn;
    }
    long long pixels() const { return retained_.pixels_drawn(); }

private:
    static Graphics::Options hidden() {
        Graphics::Options options;
        options.hidden = true;
        return options;
    }
    static gl::Framebuffer whole_size() { return {width, height, gl::Texels::rgba8}; }

    Graphics graphics_;
    gl::Framebuffer whole_, pieces_;
    RetainedFrame retained_;
};

void panel(const char* name, float x, float y, float w, float h, const std::string& text,
           ImU32 colour = IM_COL32(90, 60, 60, 255)) {
    ImGui::SetNextWindowPos({x, y});
    ImGui::SetNextWindowSize({w, h});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, colour);
    ImGui::Begin(name, nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
    ImGui::TextUnformatted(text.c_str());
    ImGui::End();
    ImGui::PopStyleColor();
}

}  // namespace

TEST_CASE("a frame like the last draws nothing, a changed one only what changed") {
    Frames frames;
    const auto still = [](const std::string& text) {
        return [text] {
            panel("left", 10, 10, 100, 200, text);
            panel("right", 150, 10, 100, 200, "the same");
        };
    };
    frames.draw(still("12"));
    frames.draw(still("12"));  // hover states have settled
    const long long before = frames.pixels();
    CHECK_FALSE(frames.draw(still("12")));
    CHECK(frames.pixels() == before);
    CHECK(frames.draw(still("13")));
    // A digit, not the panel.
    CHECK(frames.pixels() - before < 400);
    CHECK(frames.draw(still("13 and more")));
    CHECK(frames.pixels() - before < 2 * 100 * 200);
}

TEST_CASE("panels that come, go, move and overlap leave no trace") {
    Frames frames;
    std::mt19937 random(4);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int frame = 0; frame < 60; ++frame) {
        const int popups = below(4);
        std::vector<std::array<float, 4>> places;
        for (int i = 0; i < popups; ++i) {
            places.push_back({static_cast<float>(below(300)), static_cast<float>(below(220)),
                              40.0f + static_cast<float>(below(80)),
                              30.0f + static_cast<float>(below(60))});
        }
        const std::string number = std::to_string(below(5) * 997);
        INFO("frame " << frame);
        frames.draw([&] {
            panel("base", 0, 0, 200, 240, "base " + number);
            panel("other", 180, 100, 140, 140, number + "\n" + number, IM_COL32(20, 90, 60, 200));
            for (std::size_t i = 0; i < places.size(); ++i) {
                const auto& [x, y, w, h] = places[i];
                panel(("popup" + std::to_string(i)).c_str(), x, y, w, h, "above",
                      IM_COL32(200, 200, 40, 128));
            }
        });
    }
}

TEST_CASE("a placed picture shows what its texture holds, under what is drawn on it") {
    Frames frames;
    gl::Framebuffer picture[2] = {{64, 48, gl::Texels::rgba8}, {64, 48, gl::Texels::rgba8}};
    for (int i = 0; i < 2; ++i) {
        std::vector<std::uint8_t> texels;
        for (int k = 0; k < 64 * 48; ++k) {
            const auto shade = static_cast<std::uint8_t>(k % 64 * 3 + 40 * i);
            texels.insert(texels.end(), {shade, static_cast<std::uint8_t>(k / 64), 99, 255});
        }
        picture[i].upload(texels);
    }
    const auto with = [&](int which, float x, const char* text) {
        return [&picture, which, x, text] {
            ImGui::SetNextWindowPos({x, 20});
            ImGui::SetNextWindowSize({64, 48});
            ImGui::Begin("picture", nullptr,
                         ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground);
            place_picture(ImGui::GetWindowDrawList(),
                          {picture[which].texture().name(), 64, 48, {x, 20}});
            ImGui::TextUnformatted(text);
            ImGui::End();
        };
    };
    frames.draw(with(0, 30, "a"));
    frames.draw(with(0, 30, "a"));
    const long long before = frames.pixels();
    CHECK_FALSE(frames.draw(with(0, 30, "a")));
    CHECK(frames.draw(with(1, 30, "a")));  // another texture, the same place
    CHECK(frames.pixels() - before == 64 * 48);
    CHECK(frames.draw(with(1, 30, "b")));   // under the text the picture comes again
    CHECK(frames.draw(with(1, 300, "b")));  // partly outside
    CHECK(frames.draw(with(0, -20, "b")));
}
