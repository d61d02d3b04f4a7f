// Goes through columns of a device's tables, many rows and all columns at a time, and checks that
// the device goes forward.
// Rule: RFC 3416, 4.2.2 and 4.2.3.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "collectors/snmp/message.hpp"
#include "collectors/snmp/value.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kRowsMax = 10000;  // of one column; a table that goes on has no end

// A column's values by their index, the part of the name after the column's.
using Column = std::map<Oid, Value>;

class Walk {
  public:
    explicit Walk(std::vector<Oid> columns);

    [[nodiscard]] bool is_done() const noexcept;
    // The next of each column that has not ended, `bindings_max` values in all; of each one by
    // kNext instead of kBulk when `bulk` is false. Valid until take().
    [[nodiscard]] Request next(bool bulk, std::size_t bindings_max);
    // The answer's bindings. kInvalid when they do not increase or never end.
    [[nodiscard]] Result<void> take(std::span<const Binding> bindings);
    // Of the last request the `index`-th column, counted from 1, has come to its end. False when
    // there is no such one.
    [[nodiscard]] bool give_up(std::size_t index);
    // Whether no answer has been taken yet.
    [[nodiscard]] bool is_untouched() const noexcept { return is_untouched_; }
    // The columns in the order in which they were given.
    [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }

  private:
    struct Cursor {
        Oid column;
        Oid last;  // the name to go on from
        bool is_done = false;
    };

    [[nodiscard]] Result<void> take_one(const Binding& binding, std::size_t column);

    std::vector<Cursor> cursors_;
    std::vector<Column> columns_;
    std::vector<std::size_t> asked_;  // indexes of the columns of the last request
    bool is_untouched_ = true;
};

}  // namespace kurabe::collectors::snmp
