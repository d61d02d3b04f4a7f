// A column of a host archive: one series' state between two samples.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/cdp.hpp"
#include "store/data_source.hpp"
#include "store/pdp.hpp"
#include "store/sample.hpp"

namespace kurabe::store {

// Plugin and key of a series, as views into text of the caller.
struct ColumnName {
    std::string_view plugin;
    std::string_view key;
    friend bool operator==(const ColumnName&, const ColumnName&) = default;
};

struct Column {
    std::string plugin;
    std::string key;
    DataSource source;
    Time history_start;  // no row that ends before it is known
    SampleTime last_time;
    RawValue last_raw;
    PdpState pdp;
    std::vector<CdpState> cdps;  // by ring, then plane; rings of one PDP per row have none

    [[nodiscard]] ColumnName name() const noexcept { return {plugin, key}; }
};

// Finds columns by name without making a string.
class ColumnIndex {
  public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    // False when the name is there already.
    bool add(const ColumnName& name, std::uint32_t column);
    [[nodiscard]] std::uint32_t find(const ColumnName& name) const;

  private:
    struct Owned {
        std::string plugin;
        std::string key;
        [[nodiscard]] ColumnName name() const noexcept { return {plugin, key}; }
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const ColumnName& name) const noexcept;
        std::size_t operator()(const Owned& owned) const noexcept { return (*this)(owned.name()); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const Owned& a, const Owned& b) const noexcept {
            return a.name() == b.name();
        }
        bool operator()(const ColumnName& a, const Owned& b) const noexcept {
            return a == b.name();
        }
        bool operator()(const Owned& a, const ColumnName& b) const noexcept {
            return a.name() == b;
        }
    };
    std::unordered_map<Owned, std::uint32_t, Hash, Equal> columns_;
};

}  // namespace kurabe::store
