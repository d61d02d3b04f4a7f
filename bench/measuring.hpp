// What the benchmarks share: options that are counts, CPU time, and an end with a reason.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "store/result.hpp"

namespace kurabe::bench {

[[noreturn]] void stop(const std::string& reason);

template <typename T>
T checked(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// "--files 1000 --directory DIR".
class Options {
  public:
    // By name with their defaults; all are 1 or more.
    using Counts = std::map<std::string, std::size_t, std::less<>>;

    // Stops when an argument cannot be read. Without --directory it is one of the benchmark's
    // `name` in the system's temporary directory.
    Options(std::string_view name, Counts counts, int argument_count, char** arguments);

    // Of one of the names given to the constructor.
    [[nodiscard]] std::size_t operator[](std::string_view name) const {
        return counts_.find(name)->second;
    }
    // Where the benchmark may make files. Stops when it exists: it may be somebody's.
    [[nodiscard]] std::filesystem::path fresh_directory() const;

  private:
    Counts counts_;
    std::filesystem::path directory_;
};

struct CpuSeconds {
    double user = 0;
    double kernel = 0;

    [[nodiscard]] double total() const noexcept { return user + kernel; }
    [[nodiscard]] double kernel_percent() const noexcept { return 100 * kernel / total(); }
    CpuSeconds& operator+=(const CpuSeconds& other) noexcept {
        user += other.user;
        kernel += other.kernel;
        return *this;
    }
    friend CpuSeconds operator-(const CpuSeconds& a, const CpuSeconds& b) noexcept {
        return {a.user - b.user, a.kernel - b.kernel};
    }
};
// Of this process so far.
[[nodiscard]] CpuSeconds cpu_seconds();

// As many open files as the system allows this process.
void raise_open_file_limit();

}  // namespace kurabe::bench
