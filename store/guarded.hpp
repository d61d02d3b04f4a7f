// A value that can only be reached through its lock.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <utility>

namespace kurabe::store {

// `lock()` gives the one writer access, `lock_shared()` any number of readers. The access ends with
// the returned handle.
template <typename T>
class Guarded {
  public:
    template <typename Value, typename Lock>
    class Handle {
      public:
        Handle(Value& value, std::shared_mutex& mutex) : lock_(mutex), value_(&value) {}
        [[nodiscard]] Value& operator*() const noexcept { return *value_; }
        [[nodiscard]] Value* operator->() const noexcept { return value_; }

      private:
        Lock lock_;
        Value* value_;
    };
    using Writer = Handle<T, std::unique_lock<std::shared_mutex>>;
    using Reader = Handle<const T, std::shared_lock<std::shared_mutex>>;

    Guarded() = default;
    explicit Guarded(T value) : value_(std::move(value)) {}

    [[nodiscard]] Writer lock() { return Writer(value_, mutex_); }
    [[nodiscard]] Reader lock_shared() const { return Reader(value_, mutex_); }

  private:
    mutable std::shared_mutex mutex_;
    T value_{};
};

}  // namespace kurabe::store
