// Notices that files were changed, by looking at them: editors replace files in many ways, and
// disks of a network tell nobody.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "server/file_identity.hpp"

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
    using Sight = std::optional<server::FileIdentity>;
    [[nodiscard]] std::vector<Sight> look() const;

    std::vector<std::filesystem::path> paths_;
    std::vector<Sight> known_;
    std::vector<Sight> last_;
};

}  // namespace kurabe::cli
