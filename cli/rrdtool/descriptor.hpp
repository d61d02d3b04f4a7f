// A file descriptor that is closed when it goes, and writing to one.
#pragma once

#include <string_view>
#include <utility>

namespace kurabe::cli::rrdtool {

class Descriptor {
  public:
    // As open(2) and its like return it: -1 is none.
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();

    [[nodiscard]] bool is_open() const noexcept { return number_ != -1; }
    [[nodiscard]] int number() const noexcept { return number_; }

  private:
    int number_;
};

// False with errno when not all arrived. Goes on after signals.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes) noexcept;

}  // namespace kurabe::cli::rrdtool
