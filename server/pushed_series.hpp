// How many series a host may get by pushes: every column of an archive has its rows on the disk
// from the beginning, so a body of a megabyte could ask for gigabytes. Rule: our own,
// docs/operations.md, "Pushing lines".
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "store/sample.hpp"
#include "store/store.hpp"

namespace kurabe::server {

struct PushedSeriesMax {
    std::size_t listed = 4'000;  // of a host of the configuration
    std::size_t unlisted = 500;
};

// Thread-safe. The store must outlive it.
class PushedSeries {
  public:
    using IsListed = std::function<bool(std::string_view host)>;

    // Nobody else is admitted for the host until it ends, so that what was admitted is stored
    // before somebody counts again.
    struct Turn {
        std::unique_lock<std::mutex> lock;
        std::size_t refused = 0;
        std::string reason;  // when some are; fit for clients
    };

    PushedSeries(const store::Store& store, IsListed is_listed, PushedSeriesMax most = {});

    // Takes out of the batch the samples of new series for which there is no room. Series that are
    // there go on, however many they are. Mostly O(1); O(samples + series) near the limit.
    [[nodiscard]] Turn admit(store::Batch& batch);

  private:
    using Rooms = std::map<std::string, std::size_t, std::less<>>;
    // Hosts are spread over several locks, each held while a batch is stored.
    struct Part {
        std::mutex mutex;
        Rooms rooms;  // for so many more series there is room at least
    };

    const store::Store& store_;
    IsListed is_listed_;
    PushedSeriesMax most_;
    std::array<Part, 64> parts_;
};

}  // namespace kurabe::server
