// Messages of the protocol.
#include "cli/service_manager.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

#include <dlfcn.h>
#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace kurabe::cli {
namespace {

// Stays loaded. Null where it is not installed.
template <typename Function>
Function* function_of(void* library, const char* name) {
    return reinterpret_cast<Function*>(::dlsym(library, name));
}

}  // namespace

ServiceManager::ServiceManager() {
    if (::getenv("NOTIFY_SOCKET") == nullptr) return;
    void* const library = ::dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return;
    notify_ = function_of<decltype(::sd_notify)>(library, "sd_notify");
    const auto enabled =
        function_of<decltype(::sd_watchdog_enabled)>(library, "sd_watchdog_enabled");
    std::uint64_t microseconds = 0;
    if (enabled != nullptr && enabled(0, &microseconds) > 0) {
        watchdog_ = std::chrono::microseconds(microseconds / 2);
    }
}

// Programs that this one starts may not speak for it, but it does not hide the address: units may
// say who may (NotifyAccess). A service manager that is gone is no reason to end.
void ServiceManager::tell(const std::string& message) const {
    if (notify_ != nullptr) (void)notify_(0, message.c_str());
}

void ServiceManager::ready(std::string_view status) const {
    tell(fmt::format("READY=1\nSTATUS={}", status));
}

void ServiceManager::reloading() const {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration",
                     now.count()));
}

void ServiceManager::stopping() const {
    tell("STOPPING=1\nSTATUS=writing the archives");
}

void ServiceManager::alive() {
    const auto now = std::chrono::steady_clock::now();
    // The caller looks once a second, so not at the last moment.
    if (!watchdog_ || now - told_ < *watchdog_ / 2) return;
    told_ = now;
    tell("WATCHDOG=1");
}

}  // namespace kurabe::cli
