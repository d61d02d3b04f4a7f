// The words of the pages, in Japanese and English.
#pragma once

#include <string_view>

#include "server/term.hpp"

namespace kurabe::server {

struct Texts {
    std::string_view language;       // of <html lang>
    std::string_view language_name;  // in itself
    std::string_view servers;
    std::string_view services;
    std::string_view show_all;
    std::string_view uncheck;
    std::string_view show_checked;
    std::string_view open_in_new_window;
    std::string_view filter;
    std::string_view all_plugins;
    std::string_view selected_servers;
    std::string_view copy;
    std::string_view copied;
    std::string_view fold_header;
    std::string_view custom_from;
    std::string_view custom_to;
    std::string_view show;
    std::string_view month_and_year;
    std::string_view day_and_week;
    std::string_view status_loading;
    std::string_view status_good;
    std::string_view status_warning;
    std::string_view status_critical;
    std::string_view stale;          // followed by minutes
    std::string_view stale_minutes;  // behind them, followed by the last time
    std::string_view not_yet;        // followed by the time of the server's start
    std::string_view not_yet_last;   // behind it, followed by the last time
    std::string_view never;          // in place of the last time
    std::string_view damaged;        // followed by the reason
    std::string_view not_on_host;    // in the place of a graph that a host does not have
    std::string_view unknown_hosts;  // followed by the addresses
    std::string_view unlisted;       // the heading of hosts that only push
    std::string_view no_hosts;
    std::string_view no_listed_hosts;  // where the configuration gives none
    std::string_view never_sent;       // behind what is told of a plugin that never sent
    std::string_view unnamed_plugins;  // between the roll's file and the plugins
    std::string_view config_failure;   // followed by the reason
    std::string_view error;
    std::string_view back;
    std::string_view term_names[9];  // by Term
    // A second range of time.
    std::string_view compare;
    std::string_view compare_off;
    std::string_view compare_names[3];  // by preset: server/second_range.hpp
    std::string_view compare_over;
    std::string_view compare_beside;
    std::string_view compare_start;
    std::string_view drawn_dashed;  // in the second range's title
    // Names of parts of a page, for those who hear it.
    std::string_view plugins_label;
    std::string_view terms_label;
    std::string_view range_label;
    std::string_view language_label;
    std::string_view refresh;
    std::string_view copy_hint;
    std::string_view check_shown;
    std::string_view filter_hint;
    std::string_view shown;        // behind a number of hosts
    std::string_view choose_host;  // followed by the host's name
    std::string_view at_most;      // behind a number of hosts, followed by how many there may be

    [[nodiscard]] std::string_view term_name(Term term) const {
        return term_names[static_cast<std::size_t>(term)];
    }
};

// "ja" or "en"; null for others.
[[nodiscard]] const Texts* find_texts(std::string_view language) noexcept;
[[nodiscard]] const Texts& other_language(const Texts& texts) noexcept;

// The language that an Accept-Language header wants first of those we know; Japanese otherwise.
[[nodiscard]] const Texts& choose_texts(std::string_view accept_language) noexcept;

}  // namespace kurabe::server
