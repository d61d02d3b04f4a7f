// Lends renderers and makes them when they are first needed.
#include "server/renderer_pool.hpp"

namespace kurabe::server {

RendererPool::Loan RendererPool::borrow() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty() || left_to_make_ > 0; });
    if (free_.empty()) {
        auto made = std::make_unique<render::Renderer>();
        --left_to_make_;
        return {*this, std::move(made)};
    }
    auto renderer = std::move(free_.back());
    free_.pop_back();
    return {*this, std::move(renderer)};
}

void RendererPool::give_back(std::unique_ptr<render::Renderer> renderer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(renderer));
    returned_.notify_one();
}

}  // namespace kurabe::server
