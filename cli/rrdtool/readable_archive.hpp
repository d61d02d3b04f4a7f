// What a command that reads one archive is given: a file, or as kurabe a series of the store, which
// then is a file in memory.
#pragma once

#include <string_view>
#include <utility>
#include <variant>

#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"
#include "store/rrd/open_archives.hpp"

namespace kurabe::cli::rrdtool {

class ReadableArchive {
  public:
    // `parsed` may hold --server or --data. Errors as Archive::open, or the store's.
    [[nodiscard]] static Result<ReadableArchive> open(std::string_view name,
                                                      const ParsedArguments& parsed,
                                                      Session& session);

    [[nodiscard]] const store::rrd::Archive& operator*() const noexcept {
        const auto* const file = std::get_if<store::rrd::OpenArchives::Reading>(&archive_);
        return file != nullptr ? **file : std::get<store::rrd::Archive>(archive_);
    }
    [[nodiscard]] const store::rrd::Archive* operator->() const noexcept { return &**this; }

  private:
    using Holder = std::variant<store::rrd::OpenArchives::Reading, store::rrd::Archive>;
    explicit ReadableArchive(Holder archive) : archive_(std::move(archive)) {}

    Holder archive_;
};

}  // namespace kurabe::cli::rrdtool
