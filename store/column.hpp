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
    // Which of the two open blocks of each ring has the rows after the last full one: a bit each.
    std::uint16_t open_blocks = 0;

    [[nodiscard]] std::size_t open_block(std::size_t ring) const noexcept {
        return static_cast<std::size_t>(open_blocks >> ring & 1U);
    }

    [[nodiscard]] ColumnName name() const noexcept { return {plugin, key}; }
};

// The names of columns one after the other, to be compared in this order: nothing that is asked for
// lies elsewhere.
class ColumnNames {
  public:
    void add(const ColumnName& name);
    [[nodiscard]] bool is(std::uint32_t column, const ColumnName& name) const noexcept;

  private:
    struct Ends {
        std::uint32_t plugin = 0;
        std::uint32_t key = 0;
    };
    std::string text_;
    std::vector<Ends> ends_;
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
