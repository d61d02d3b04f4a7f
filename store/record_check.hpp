// Whether a record of the journal can be applied to an archive, each sample and each row of it: it
// may have been made for another one.
#pragma once

#include <span>

#include "store/archive_layout.hpp"
#include "store/column.hpp"
#include "store/journal_record.hpp"
#include "store/result.hpp"

namespace kurabe::store {

// kDamaged, without the file's name, for a record that was made for other contents.
[[nodiscard]] Result<void> check_record(const JournalRecord& record, const ArchiveLayout& layout,
                                        std::span<const Column> columns, const ColumnIndex& index);

}  // namespace kurabe::store
