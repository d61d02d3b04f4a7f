// What holds for all hosts that are watched over SSH.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

namespace kurabe::collectors::ssh {

inline constexpr const char* kNoConfig = "none";

struct Settings {
    // A private key without passphrase. None: the agent's keys, those that the configuration names,
    // and the usual files.
    std::optional<std::filesystem::path> identity = {};
    // See open_secret_file().
    std::optional<std::filesystem::path> credentials = {};
    // None: the configuration's, else ~/.ssh/known_hosts. /etc/ssh/ssh_known_hosts counts as well.
    std::optional<std::filesystem::path> known_hosts = {};
    // ssh_config(5). None: ~/.ssh/config and /etc/ssh/ssh_config; kNoConfig: no file.
    std::optional<std::filesystem::path> config = {};
    // For one poll of one host, from the first packet to the last byte.
    std::chrono::milliseconds deadline{10000};
    // A session that nobody used for longer is opened anew: what lies between may have forgotten it
    // without a word to either side, and a poll would wait for an answer in vain.
    std::chrono::milliseconds idle_max{240'000};
};

}  // namespace kurabe::collectors::ssh
