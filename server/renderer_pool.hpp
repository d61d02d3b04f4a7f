// Renderers for many threads: each is lent to one thread at a time, and there are no more of them
// than the machine can draw with at once, because each holds fonts of its own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "render/renderer.hpp"

namespace kurabe::server {

class RendererPool {
  public:
    explicit RendererPool(std::size_t renderers_max) : left_to_make_(renderers_max) {}

    // A lent Renderer; goes back when destroyed. The pool must outlive it.
    class Loan {
      public:
        Loan(RendererPool& pool, std::unique_ptr<render::Renderer> renderer)
            : pool_(pool), renderer_(std::move(renderer)) {}
        ~Loan() { pool_.give_back(std::move(renderer_)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        render::Renderer& operator*() const { return *renderer_; }
        render::Renderer* operator->() const { return renderer_.get(); }

      private:
        RendererPool& pool_;
        std::unique_ptr<render::Renderer> renderer_;
    };

    // Waits for one that is free. Thread-safe.
    [[nodiscard]] Loan borrow();

  private:
    void give_back(std::unique_ptr<render::Renderer> renderer);

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<render::Renderer>> free_;
    std::size_t left_to_make_;
};

}  // namespace kurabe::server
