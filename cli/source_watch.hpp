// Notices that files were changed, by looking at them: editors replace files in many ways, and
// disks of a network tell nobody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "server/file_identity.hpp"

namespace kurabe::cli {

// Belongs to one thread.
class SourceWatch {
  public:
    // From now on these, which may be files, directories or absent. Of a directory it is the names
    // of what can be a source, so that an editor's files beside those are no change. What was
    // watched before is known as it was at the last look, so that nothing is missed that was
    // written while it was read: watch before reading, and again when it is known what was read.
    void watch(std::vector<std::filesystem::path> paths);

    // Whether one of them is not as it was known to be at watch(), and all are as they were at the
    // last look: who still writes is not interrupted. Once for each change.
    [[nodiscard]] bool has_changed();

  private:
    struct Sight {
        std::optional<server::FileIdentity> file =
            {};                   // none of a directory, and of what is absent
        std::uint64_t names = 0;  // of a directory, a digest of them
        bool operator==(const Sight&) const = default;
    };
    [[nodiscard]] static Sight look_at(const std::filesystem::path& path);
    [[nodiscard]] std::vector<Sight> look() const;

    std::vector<std::filesystem::path> paths_;
    std::vector<Sight> known_;
    std::vector<Sight> last_;
};

}  // namespace kurabe::cli
