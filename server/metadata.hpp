// What is known about hosts besides numbers: plugin meta, warnings, when anything last arrived.
// Kept in SQLite (DATA/metadata.sqlite), so a dead host keeps its graphs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report.hpp"
#include "server/plugin_definition.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr std::size_t kMetaValueBytesMax = 64 << 10;
// Descriptions are kept for good, so each host and plugin may have so many of them, and so many
// bytes of keys and values; and each host so many plugins.
inline constexpr std::size_t kMetaKeysMax = 2'000;
inline constexpr std::size_t kMetaBytesMax = 4 << 20;
inline constexpr std::size_t kMetaPluginsMax = 2'000;

// Of a report's meta, what is not kept for a limit.
struct RefusedMeta {
    std::size_t count = 0;
    std::string reason;  // of the first; fit for clients
};

// Thread-safe; every call is one transaction.
class Metadata {
  public:
    enum class Access { kWrite, kRead };
    [[nodiscard]] static Result<std::unique_ptr<Metadata>> open(const std::filesystem::path& file,
                                                                Access access);
    // A consistent copy of a file that may be in use, as a new file `to`.
    [[nodiscard]] static Result<void> copy(const std::filesystem::path& from,
                                           const std::filesystem::path& to);
    ~Metadata();
    Metadata(const Metadata&) = delete;
    Metadata& operator=(const Metadata&) = delete;

    // Keeps a report's meta and warnings and notes that each of its plugins was heard of at
    // `received`. Values over the limit are cut; a definition over its own is a warning instead.
    // What is there may always change to something that is no longer; the rest is kept although
    // some is refused.
    // Warnings live for `lifetime_min` at least.
    [[nodiscard]] Result<RefusedMeta> store(
        const collectors::Report& report, store::Time received,
        store::Seconds lifetime_min = collectors::kWarningLifetime);

    [[nodiscard]] Result<MetaMap> meta(std::string_view host, std::string_view plugin) const;
    // Warnings of all plugins whose lifetimes are not over at `now`; order of plugins and keys.
    [[nodiscard]] Result<std::vector<collectors::Warning>> warnings(std::string_view host,
                                                                    store::Time now) const;
    // Of one plugin.
    [[nodiscard]] Result<std::vector<collectors::Warning>> warnings(std::string_view host,
                                                                    std::string_view plugin,
                                                                    store::Time now) const;
    // None when nothing ever arrived.
    [[nodiscard]] Result<std::optional<store::Time>> last_received(std::string_view host,
                                                                   std::string_view plugin) const;
    // Of all hosts and plugins; takes a moment for each.
    [[nodiscard]] Result<std::optional<store::Time>> last_received() const;

  private:
    struct Parts;
    explicit Metadata(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::server
