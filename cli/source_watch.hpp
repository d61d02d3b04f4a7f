// Notices that files were changed, by looking at them: editors replace files in many ways, and
// disks of a network tell nobody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace kurabe::cli {

// Belongs to one thread.
class SourceWatch {
  public:
    // From now on these, which may be files, directories or absent. Those that were watched before
    // are known as they were at the last look, so that nothing is missed that was written while
    // they were read: watch before reading, and again when it is known what was read.
    void watch(std::vector<std::filesystem::path> paths);

    // Whether one of them is not as it was known to be at watch(), and all are as they were at the
    // last look: who still writes is not interrupted. Once for each change.
    [[nodiscard]] bool has_changed();

  private:
    // Of a file: which one it is, its size, when it was changed. Zeros when there is none.
    struct Sight {
        std::uint64_t device = 0;
        std::uint64_t number = 0;
        std::int64_t bytes = 0;
        std::int64_t changed_ns = 0;
        friend bool operator==(const Sight&, const Sight&) = default;
    };
    [[nodiscard]] static Sight look_at(const std::filesystem::path& path);
    [[nodiscard]] std::vector<Sight> look() const;

    std::vector<std::filesystem::path> paths_;
    std::vector<Sight> known_;
    std::vector<Sight> last_;
};

}  // namespace kurabe::cli
