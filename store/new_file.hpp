// A file that comes into being whole: written beside its target, synced, and given the target's
// name at the end. A full disk, an error or a kill before that leaves the target as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "store/file.hpp"
#include "store/result.hpp"

namespace kurabe::store {

class NewFile {
  public:
    // What happens to a file that has the target's name at the end.
    enum class Existing : std::uint8_t { kReplace, kKeep };
    // Who may read a file that replaces none: those whom the umask leaves, all, or its owner alone.
    enum class Readers : std::uint8_t { kByUmask, kAll, kOwner };
    // Whether it is to survive a power cut as soon as it is there, which takes the disk's time.
    enum class Durability : std::uint8_t { kSynced, kCache };

    // Begins an empty file beside `target`. It gets the mode and, where that is permitted, the
    // owner and group of the file that it will replace; without the group, not its rights either. A
    // symbolic link is replaced and not followed. kInvalid when something else than a regular file
    // has the target's name.
    [[nodiscard]] static Result<NewFile> create(const std::filesystem::path& target,
                                                Readers readers = Readers::kByUmask);

    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    // Removes what was not committed.
    ~NewFile();

    // Room for that many bytes, so that a full disk is found before they are written.
    [[nodiscard]] Result<void> reserve(std::uint64_t bytes) { return file_.reserve(bytes); }
    // After what was written before.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    // Names the file. kInvalid ("creating 'F': File exists") when another is to be kept. After an
    // error nothing has changed, but after one of syncing the directory, which comes last, the file
    // has its name and may lose it in a power cut.
    [[nodiscard]] Result<void> commit(Existing existing = Existing::kReplace,
                                      Durability durability = Durability::kSynced);

  private:
    NewFile(File file, std::filesystem::path target);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> take_name(Existing existing);

    std::filesystem::path temporary_;  // empty once the file has its name
    File file_;                        // its path is the target's, for messages
    std::vector<std::byte> pending_;   // not written yet
    std::uint64_t written_ = 0;
};

}  // namespace kurabe::store
