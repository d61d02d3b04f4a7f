// A file that may change while the server runs: what it says now, looked at once a second at most.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "server/file_identity.hpp"
#include "server/log.hpp"
#include "store/guarded.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// Thread-safe.
template <typename T>
class WatchedFile {
  public:
    using Load = std::function<Result<T>(const std::filesystem::path&)>;

    // A file that is not there counts as T{}, and so does one that is removed later. An error is
    // that of `load`.
    [[nodiscard]] static Result<std::unique_ptr<WatchedFile>> open(std::filesystem::path file,
                                                                   Load load, Log& log) {
        auto watched =
            std::unique_ptr<WatchedFile>(new WatchedFile(std::move(file), std::move(load), log));
        auto state = watched->state_.lock();
        state->identity = identity_of(watched->file_);
        if (!state->identity) return watched;
        auto loaded = watched->load_(watched->file_);
        if (!loaded) return std::unexpected(loaded.error());
        state->value = std::make_shared<const T>(*std::move(loaded));
        return watched;
    }

    // One that was changed and is wrong changes nothing, and the log says so once.
    [[nodiscard]] std::shared_ptr<const T> current(store::Time now) {
        const auto state = state_.lock();
        if (state->looked == now) return state->value;
        state->looked = now;
        const auto identity = identity_of(file_);
        if (identity == state->identity) return state->value;
        state->identity = identity;
        auto loaded = identity ? load_(file_) : Result<T>(T{});
        if (loaded) {
            state->value = std::make_shared<const T>(*std::move(loaded));
        } else {
            log_.error("file cannot be used, what it said before holds",
                       {{"reason", loaded.error().message}});
        }
        return state->value;
    }

  private:
    struct State {
        std::optional<FileIdentity> identity = {};
        std::optional<store::Time> looked = {};
        std::shared_ptr<const T> value = std::make_shared<const T>();
    };
    WatchedFile(std::filesystem::path file, Load load, Log& log)
        : file_(std::move(file)), load_(std::move(load)), log_(log) {}

    std::filesystem::path file_;
    Load load_;
    Log& log_;
    store::Guarded<State> state_;
};

}  // namespace kurabe::server
