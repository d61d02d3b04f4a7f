// A table of commands, each with what it takes.
#include "server/resp/commands.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "store/counted.hpp"

namespace kurabe::server::resp {
namespace {

constexpr std::size_t kShownCommandBytesMax = 128;  // of what a peer sent, in an answer to it
constexpr std::size_t kErrorBytesMax = 400;

struct Call {
    std::span<const std::string_view> arguments;
    std::string_view sender;
    LineIntake& intake;
    std::string& replies;
};

void add_bulk(std::string& replies, std::string_view text) {
    fmt::format_to(std::back_inserter(replies), "${}\r\n", text.size());
    replies += text;
    replies += "\r\n";
}

Next ping(const Call& call) {
    if (call.arguments.empty()) {
        call.replies += "+PONG\r\n";
    } else {
        add_bulk(call.replies, call.arguments.front());
    }
    return Next::kGoOn;
}

Next echo(const Call& call) {
    add_bulk(call.replies, call.arguments.front());
    return Next::kGoOn;
}

// Why lines were not taken as they should be, if they were not. A sender that did not get the
// answer sends again what the store has: to refuse that would make it repeat itself for good.
std::optional<std::string> complaint(const TakenLines& taken) {
    if (taken.failure) return taken.failure->message;
    const bool nothing_taken = taken.accepted + taken.outdated == 0 && taken.refused > 0;
    if (taken.forbidden == 0 && !nothing_taken) return std::nullopt;
    const std::string_view reason =
        taken.errors.empty() ? std::string_view() : std::string_view(taken.errors.front().reason);
    return fmt::format("{} of {} refused: {}", taken.refused,
                       store::counted(taken.accepted + taken.refused, "line", "lines"), reason);
}

// All bodies are taken; the answer is about the first that was not.
Next push(const Call& call) {
    if (call.arguments.front() != kList) {
        add_error(call.replies, fmt::format("only the list {} is taken here", kList));
        return Next::kGoOn;
    }
    std::optional<std::string> first;
    for (const std::string_view body : call.arguments.subspan(1)) {
        auto wrong = complaint(call.intake.take(body, Sender(call.sender, "resp")));
        if (wrong && !first) first = std::move(wrong);
    }
    if (first) {
        add_error(call.replies, *first);
    } else {
        call.replies += ":1\r\n";
    }
    return Next::kGoOn;
}

Next quit(const Call& call) {
    call.replies += "+OK\r\n";
    return Next::kClose;
}

// Clients name themselves and ask for a data base before they begin.
Next accept_politely(const Call& call) {
    call.replies += "+OK\r\n";
    return Next::kGoOn;
}

Next select(const Call& call) {
    if (call.arguments.front() == "0") return accept_politely(call);
    add_error(call.replies, "there is only data base 0 here");
    return Next::kGoOn;
}

// redis-cli asks for the commands and goes on without them.
Next no_commands(const Call& call) {
    call.replies += "*0\r\n";
    return Next::kGoOn;
}

struct Command {
    std::string_view name;  // lower case
    std::size_t arguments_min;
    std::size_t arguments_max;
    Next (*run)(const Call&);
};

constexpr std::size_t kAny = static_cast<std::size_t>(-1);
constexpr std::array kCommands{
    Command{"rpush", 2, kAny, push},
    Command{"lpush", 2, kAny, push},
    Command{"ping", 0, 1, ping},
    Command{"echo", 1, 1, echo},
    Command{"quit", 0, kAny, quit},
    Command{"select", 1, 1, select},
    Command{"command", 0, kAny, no_commands},
    Command{"client", 1, kAny, accept_politely},
};

bool is_name(std::string_view word, std::string_view lower_name) {
    return std::ranges::equal(word, lower_name, [](char given, char lower) {
        return (given >= 'A' && given <= 'Z' ? given + ('a' - 'A') : given) == lower;
    });
}

}  // namespace

void add_error(std::string& replies, std::string_view text) {
    replies += "-ERR ";
    replies += collectors::printable(text, kErrorBytesMax);
    replies += "\r\n";
}

Next answer(std::span<const std::string_view> words, std::string_view sender, LineIntake& intake,
            std::string& replies) {
    if (words.empty()) return Next::kGoOn;
    const auto command = std::ranges::find_if(
        kCommands, [&](const Command& known) { return is_name(words.front(), known.name); });
    if (command == kCommands.end()) {
        add_error(replies,
                  fmt::format("unknown command '{}'",
                              collectors::printable(words.front(), kShownCommandBytesMax)));
        return Next::kUnknown;
    }
    const auto arguments = words.subspan(1);
    if (arguments.size() < command->arguments_min || arguments.size() > command->arguments_max) {
        add_error(replies,
                  fmt::format("wrong number of arguments for '{}' command", command->name));
        return Next::kGoOn;
    }
    return command->run({arguments, sender, intake, replies});
}

}  // namespace kurabe::server::resp
