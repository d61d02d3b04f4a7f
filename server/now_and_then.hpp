// Keeps the log readable when somebody does the same wrong thing again and again.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "store/guarded.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// Thread-safe.
class NowAndThen {
  public:
    explicit NowAndThen(store::Seconds interval) : interval_(interval) {}

    // Whether the last time for `subject` is `interval` ago, or there was none. Subjects are
    // forgotten when there are too many.
    [[nodiscard]] bool is_due(std::string_view subject, store::Time now);

  private:
    using Times = std::map<std::string, store::Time, std::less<>>;
    store::Guarded<Times> times_;
    store::Seconds interval_;
};

}  // namespace kurabe::server
