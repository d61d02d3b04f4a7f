// Updates of an .rrd file.
//
// One update is computed completely in memory and then stored: its rows, and after them the part of
// the header that changes, in one copy. So an update that fails has no effect, and one that is
// killed leaves the file as it was before or after, unless it was just storing.
//
// A process that updates a file again and again keeps its Updater: definitions are decoded once,
// and an update allocates nothing. Between updates unlock() lets others use the file:
//
//     auto updater = Updater::open(path);
//     for (;;) {
//         updater->update("N:42", order, clock);   // any number of updates
//         updater->finish();                       // once per group of them
//         updater->unlock();
//         ...
//         updater->lock_again();
//     }
//
// Rule: rrdupdate(1), rrdcreate(1); bytes are compared with rrdtool's in tests/differential/.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/pdp_stage.hpp"
#include "store/rrd/season_rows.hpp"
#include "store/rrd/update_argument.hpp"
#include "store/rrd/update_plan.hpp"

namespace kurabe::store::rrd {

// Belongs to one thread. Several on one file, in threads or processes, exclude each other by their
// locks.
class Updater {
  public:
    // Opens for writing and locks. Errors as of Archive::open.
    [[nodiscard]] static Result<Updater> open(const std::filesystem::path& path,
                                              const LockWait& wait = {});

    // The order of readings without a template; with one see ReadingOrder::parse. To be asked for
    // again when lock_again() says that the definitions changed.
    [[nodiscard]] ReadingOrder usual_order() const { return ReadingOrder::of(header()); }

    // One argument, such as "N:1:2". Errors are rrdtool's messages without the file's name:
    // kOutdated when the time is not after the last update, kInvalid for a text that cannot be
    // read. The file and the following updates are then as if it had not been tried.
    [[nodiscard]] Result<void> update(std::string_view argument, const ReadingOrder& order,
                                      const UpdateClock& clock);
    // The same with one reading per data source, "U" for an unknown or computed one.
    [[nodiscard]] Result<void> update(UpdateTime time, std::span<const std::string_view> readings,
                                      Time clock);

    // What the last update that was stored has written, oldest rows of each RRA first; valid until
    // the next one.
    [[nodiscard]] const RowWrites& written() const noexcept { return rows_; }

    // The end of a group of updates, which rrdtool calls a command: smooths the seasons of
    // Holt-Winters RRAs if one of the updates came to that. How updates are grouped is part of the
    // result.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] const Header& header() const noexcept { return archive_.header(); }

    [[nodiscard]] const Archive& archive() const noexcept { return archive_; }

    // See Archive. A group of updates that was not finished ends without smoothing.
    void unlock() noexcept {
        smoothing_is_due_ = false;
        archive_.unlock();
    }
    enum class Definitions : std::uint8_t { kSame, kChanged };
    [[nodiscard]] Result<Definitions> lock_again(const LockWait& wait = {});

  private:
    Updater(Archive archive, UpdatePlan plan)
        : archive_(std::move(archive)), plan_(std::move(plan)), rows_(plan_.sources.size()) {}
    [[nodiscard]] Result<void> check_time(const UpdateTime& time) const;
    [[nodiscard]] Result<void> compute(SampleTime now, std::span<const std::string_view> readings,
                                       Time clock);
    [[nodiscard]] Result<void> smooth_season(std::size_t rra);

    Archive archive_;
    UpdatePlan plan_;
    std::uint64_t definitions_ = 0;  // those that plan_ is of
    bool smoothing_is_due_ = false;

    // Room that is used again.
    UpdateArgument argument_;
    PdpStage pdp_stage_;
    SeasonRows seasons_;
    RowWrites rows_;
    std::vector<Value> season_;
};

}  // namespace kurabe::store::rrd
