// Columns lie one after the other in one allocation, which grows with the stack.
#include "render/rpn_columns.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::render {

Result<void> RpnColumns::grow() {
    if (depth_ == kRpnStackMax) {
        return fail(
            ErrorCode::kLimit,
            fmt::format("the stack of an rpn expression is limited to {} values", kRpnStackMax));
    }
    ++depth_;
    stack_.resize(std::max(stack_.size(), depth_ * block_rows_));
    return {};
}

Result<void> RpnColumns::copy_from(std::size_t below) {
    const auto grown = grow();
    if (grown) {
        std::copy_n(top(below + 1), rows_, top());
    }
    return grown;
}

Result<std::size_t> RpnColumns::pop_count() {
    const Value count = *top();
    drop(1);
    if (!(count >= 0 && count < static_cast<Value>(depth_) + 1)) {
        return rpn_underflow();
    }
    return static_cast<std::size_t>(count);
}

void RpnColumns::swap(std::size_t below, std::size_t other_below) {
    std::swap_ranges(top(below), top(below) + rows_, top(other_below));
}

void RpnColumns::rotate(std::size_t count, std::size_t towards_top) {
    Value* const first = top(count - 1);
    Value* const last = first + count * block_rows_;
    std::rotate(first, last - static_cast<std::ptrdiff_t>(towards_top * block_rows_), last);
}

std::unexpected<Error> rpn_underflow() {
    return fail(ErrorCode::kInvalid, "RPN stack underflow");
}

}  // namespace kurabe::render
