// The stack of an RPN evaluation: each place holds one value for every row of the current block.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "render/rpn.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::render {

using store::Value;

class RpnColumns {
  public:
    explicit RpnColumns(std::size_t block_rows) : block_rows_(block_rows) {}

    // Empties the stack for a block of `rows` <= block_rows.
    void start_block(std::size_t rows) {
        rows_ = rows;
        depth_ = 0;
    }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t depth() const { return depth_; }

    // The column `below` places under the top; 0 is the top. Valid until the stack grows.
    [[nodiscard]] Value* top(std::size_t below = 0) {
        return stack_.data() + (depth_ - 1 - below) * block_rows_;
    }
    void drop(std::size_t columns) { depth_ -= columns; }

    // A new column on top, not filled yet. kLimit over kRpnStackMax.
    [[nodiscard]] Result<void> grow();
    // A copy of the column `below` places under the top.
    [[nodiscard]] Result<void> copy_from(std::size_t below);
    // Takes a count from the top: kInvalid ("RPN stack underflow") unless so many columns are left.
    // Of several rows the first one's; its part after the point is dropped.
    [[nodiscard]] Result<std::size_t> pop_count();
    // Exchanges two columns, or turns the top `count` by so many places towards the top.
    void swap(std::size_t below, std::size_t other_below);
    void rotate(std::size_t count, std::size_t towards_top);

    template <typename Function>
    [[nodiscard]] Result<void> push_each(Function value_of_row) {
        const auto grown = grow();
        if (grown) {
            Value* const out = top();
            for (std::size_t i = 0; i < rows_; ++i) {
                out[i] = value_of_row(i);
            }
        }
        return grown;
    }

    template <typename Function>
    void unary(Function function) {
        Value* const value = top();
        for (std::size_t i = 0; i < rows_; ++i) {
            value[i] = function(value[i]);
        }
    }

    template <typename Function>
    void binary(Function function) {
        const Value* const right = top();
        Value* const left = top(1);
        for (std::size_t i = 0; i < rows_; ++i) {
            left[i] = function(left[i], right[i]);
        }
        drop(1);
    }

    template <typename Function>
    void ternary(Function function) {
        const Value* const third = top();
        const Value* const second = top(1);
        Value* const first = top(2);
        for (std::size_t i = 0; i < rows_; ++i) {
            first[i] = function(first[i], second[i], third[i]);
        }
        drop(2);
    }

    // Calls `change` with the top `count` values of each row, deepest first.
    template <typename Function>
    void for_each_set(std::size_t count, Function change) {
        set_.resize(count);
        Value* const first = count == 0 ? nullptr : top(count - 1);
        for (std::size_t row = 0; row < rows_ && count > 0; ++row) {
            for (std::size_t i = 0; i < count; ++i) {
                set_[i] = first[i * block_rows_ + row];
            }
            change(std::span(set_));
            for (std::size_t i = 0; i < count; ++i) {
                first[i * block_rows_ + row] = set_[i];
            }
        }
    }

  private:
    std::size_t block_rows_;
    std::size_t rows_ = 0;
    std::size_t depth_ = 0;
    std::vector<Value> stack_;
    std::vector<Value> set_;
};

[[nodiscard]] std::unexpected<Error> rpn_underflow();

}  // namespace kurabe::render
