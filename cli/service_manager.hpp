// Tells systemd, where it started this process, how it is: sd_notify(3) of a unit of Type=notify.
// The wrapper of libsystemd, which is loaded only there: no other start pays for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kurabe::cli {

// Belongs to one thread. Does nothing where no service manager asked to be told.
class ServiceManager {
  public:
    ServiceManager();

    // It does its work: after the start, and after each reloading(). One line.
    void ready(std::string_view status) const;
    void reloading() const;
    void stopping() const;
    // To be called at least twice in the unit's WatchdogSec; tells it no more often than needed.
    void alive();

  private:
    void tell(const std::string& message) const;

    int (*notify_)(int, const char*) = nullptr;          // sd_notify; null: nobody is to be told
    std::optional<std::chrono::microseconds> watchdog_;  // its half
    std::chrono::steady_clock::time_point told_ = {};
};

}  // namespace kurabe::cli
