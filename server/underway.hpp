// How much may be under way at a time, so that what comes from outside takes bounded memory.
#pragma once

#include <cstddef>
#include <memory>

#include "store/guarded.hpp"

namespace kurabe::server {

// Thread-safe.
class Underway {
  public:
    struct Amount {
        std::size_t requests = 0;
        std::size_t bytes = 0;
    };
    explicit Underway(Amount most)
        : now_(std::make_shared<store::Guarded<Amount>>()), most_(most) {}

    // One request of so many bytes is under way until the result goes, which may outlive this
    // object. Null when there is no room for it.
    [[nodiscard]] std::shared_ptr<const void> begin(std::size_t bytes);

  private:
    std::shared_ptr<store::Guarded<Amount>> now_;
    Amount most_;
};

}  // namespace kurabe::server
