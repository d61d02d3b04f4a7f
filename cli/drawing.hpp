// What graphs of one process are drawn with: its fonts are found by the first and kept for others.
#pragma once

#include <optional>

#include "render/renderer.hpp"

namespace kurabe::cli {

class Drawing {
  public:
    [[nodiscard]] render::Renderer& renderer() {
        if (!renderer_) renderer_.emplace();
        return *renderer_;
    }

  private:
    std::optional<render::Renderer> renderer_;
};

}  // namespace kurabe::cli
