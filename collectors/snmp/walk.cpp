// Each column has a cursor of its own, because columns may have different rows.
#include "collectors/snmp/walk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::collectors::snmp {

Walk::Walk(std::vector<Oid> columns) : columns_(columns.size()) {
    for (Oid& column : columns) cursors_.push_back({.column = column, .last = std::move(column)});
}

bool Walk::is_done() const noexcept {
    return std::ranges::all_of(cursors_, &Cursor::is_done);
}

Request Walk::next(bool bulk, std::size_t bindings_max) {
    asked_.clear();
    for (std::size_t i = 0; i < cursors_.size() && asked_.size() < bindings_max; ++i) {
        if (!cursors_[i].is_done) asked_.push_back(i);
    }
    Request request{.way = bulk ? Request::Way::kBulk : Request::Way::kNext};
    if (bulk) request.rows = std::max<std::size_t>(bindings_max / asked_.size(), 1);
    for (const std::size_t i : asked_) request.names.emplace_back(cursors_[i].last);
    return request;
}

Result<void> Walk::take(std::span<const Binding> bindings) {
    is_untouched_ = false;
    if (bindings.empty()) return fail(ErrorCode::kInvalid, "the device answers with nothing");
    for (std::size_t i = 0; i < bindings.size(); ++i) {
        const std::size_t column = asked_[i % asked_.size()];
        if (cursors_[column].is_done) continue;
        if (auto taken = take_one(bindings[i], column); !taken) return taken;
    }
    return {};
}

bool Walk::give_up(std::size_t index) {
    if (index == 0 || index > asked_.size()) return false;
    cursors_[asked_[index - 1]].is_done = true;
    return true;
}

Result<void> Walk::take_one(const Binding& binding, std::size_t column) {
    Cursor& cursor = cursors_[column];
    if (binding.kind == Kind::kEnd || binding.kind == Kind::kMissing) {
        cursor.is_done = true;
        return {};
    }
    if (!is_before(cursor.last, binding.name)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the device does not go forward: {} after {}",
                                oid_text(binding.name), oid_text(cursor.last)));
    }
    cursor.is_done = !is_below(binding.name, cursor.column);
    if (cursor.is_done) return {};
    if (columns_[column].size() == kRowsMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("more than {} rows below {}", kRowsMax, oid_text(cursor.column)));
    }
    cursor.last.assign(binding.name.begin(), binding.name.end());
    const OidView index = binding.name.subspan(cursor.column.size());
    columns_[column].insert_or_assign(Oid(index.begin(), index.end()), Value::of(binding));
    return {};
}

}  // namespace kurabe::collectors::snmp
