// The two tables of words.
#include "server/texts.hpp"

#include <algorithm>
#include <charconv>

namespace kurabe::server {
namespace {

constexpr Texts kJapanese{
    .language = "ja",
    .language_name = "日本語",
    .servers = "サーバ一覧",
    .services = "サービス一覧",
    .show_all = "すべて表示",
    .uncheck = "チェックを外す",
    .show_checked = "チェックしたサーバを表示",
    .open_in_new_window = "新規ウィンドウに開く",
    .filter = "絞り込み",
    .all_plugins = "全て表示",
    .selected_servers = "選択されたサーバ",
    .copy = "コピー",
    .copied = "コピーしました",
    .fold_header = "ヘッダーを縮小/展開",
    .custom_from = "開始",
    .custom_to = "終了",
    .show = "表示",
    .month_and_year = "月間/年間",
    .day_and_week = "24時間/1週間",
    .status_loading = "確認中",
    .status_good = "正常",
    .status_warning = "警告",
    .status_critical = "異常",
    .stale = "",
    .stale_minutes =
        "分以上メトリクスが更新されていません。ホストかエージェントが停止している可能性があります。"
        "最終更新: ",
    .not_yet = "Kurabeの起動後、まだメトリクスが届いていません。起動: ",
    .not_yet_last = "、最終更新: ",
    .never = "なし",
    .damaged = "このホストのアーカイブを読めません: ",
    .not_on_host = "このホストにはありません",
    .unknown_hosts = "設定にないサーバ: ",
    .unlisted = "設定にないサーバ",
    .no_hosts = "表示するサーバがありません",
    .no_listed_hosts =
        "サーバがありません: 設定ファイルにホストが1台もありません。"
        "無視されたキーは kurabe config check が表示します",
    .never_sent =
        "。まだデータがありません: ホストで kurabe agent --server を実行するか、"
        "POST /api/v1/lines で送ってください",
    .unnamed_plugins = "にないプラグインのデータもあります: ",
    .config_failure = "設定ファイルを読み込めないため、以前の設定のまま動作しています: ",
    .error = "エラー",
    .back = "サーバ一覧に戻る",
    .term_names = {"1時間", "4時間", "8時間", "24時間", "3日間", "1週間", "1ヶ月", "1年間",
                   "期間指定"},
    .compare = "比較",
    .compare_off = "なし",
    .compare_names = {"前日", "前週", "前月"},
    .compare_over = "重ねる",
    .compare_beside = "並べる",
    .compare_start = "比較の開始",
    .drawn_dashed = "破線",
    .plugins_label = "プラグイン",
    .terms_label = "期間",
    .range_label = "期間指定",
    .language_label = "言語",
    .refresh = "自動更新",
    .copy_hint = "URLをクリップボードにコピー",
    .check_shown = "表示中をすべてチェック",
    .filter_hint = "ホスト・サービス・ロールなど",
    .shown = "台を表示",
    .choose_host = "選択: ",
    .at_most = "、最大",
};

constexpr Texts kEnglish{
    .language = "en",
    .language_name = "English",
    .servers = "Servers",
    .services = "Services",
    .show_all = "Show all",
    .uncheck = "Uncheck",
    .show_checked = "Compare checked servers",
    .open_in_new_window = "Open in new window",
    .filter = "Filter",
    .all_plugins = "All",
    .selected_servers = "Selected servers",
    .copy = "Copy",
    .copied = "Copied",
    .fold_header = "Fold/unfold header",
    .custom_from = "From",
    .custom_to = "To",
    .show = "Show",
    .month_and_year = "Month/year",
    .day_and_week = "Day/week",
    .status_loading = "Checking",
    .status_good = "Good",
    .status_warning = "Warning",
    .status_critical = "Critical",
    .stale = "No metrics for more than ",
    .stale_minutes = " minutes. The host or its agent may be down. Last update: ",
    .not_yet = "Nothing has come yet since this server's start at ",
    .not_yet_last = ". Last update: ",
    .never = "never",
    .damaged = "The archive of this host cannot be read: ",
    .not_on_host = "Not on this host",
    .unknown_hosts = "Servers not in the configuration: ",
    .unlisted = "Not in the configuration",
    .no_hosts = "No servers to show",
    .no_listed_hosts =
        "No hosts: the configuration gives none. 'kurabe config check' names keys in it that count "
        "nowhere",
    .never_sent =
        ". No data yet: run 'kurabe agent --server' on the host, or push to /api/v1/lines",
    .unnamed_plugins = " does not name these plugins, of which there is data: ",
    .config_failure =
        "The configuration was changed but cannot be followed; the one before it is still in "
        "use: ",
    .error = "Error",
    .back = "Back to the servers",
    .term_names = {"1 hour", "4 hours", "8 hours", "24 hours", "3 days", "1 week", "1 month",
                   "1 year", "Custom"},
    .compare = "Compare with",
    .compare_off = "Nothing",
    .compare_names = {"Day before", "Week before", "Month before"},
    .compare_over = "Overlaid",
    .compare_beside = "Side by side",
    .compare_start = "Second range from",
    .drawn_dashed = "dashed",
    .plugins_label = "Plugins",
    .terms_label = "Range of time",
    .range_label = "Custom range",
    .language_label = "Language",
    .refresh = "Auto refresh",
    .copy_hint = "Copy the address to the clipboard",
    .check_shown = "Check all shown",
    .filter_hint = "Host, service, role, comment",
    .shown = "shown",
    .choose_host = "Choose ",
    .at_most = ", at most ",
};

// "en;q=0.8" -> 0.8; 1 without a q, 0 for one that is no number.
double quality_of(std::string_view range) {
    const std::size_t at = range.find("q=");
    if (at == std::string_view::npos) return 1;
    double quality = 0;
    const std::string_view number = range.substr(at + 2);
    std::from_chars(number.data(), number.data() + number.size(), quality);
    return quality;
}

}  // namespace

const Texts* find_texts(std::string_view language) noexcept {
    if (language == kJapanese.language) return &kJapanese;
    return language == kEnglish.language ? &kEnglish : nullptr;
}

const Texts& other_language(const Texts& texts) noexcept {
    return &texts == &kJapanese ? kEnglish : kJapanese;
}

const Texts& choose_texts(std::string_view accept_language) noexcept {
    // Kurado's, where nobody asks; who asks for others reads English more likely.
    const Texts* best = accept_language.empty() ? &kJapanese : &kEnglish;
    double best_quality = 0;
    while (!accept_language.empty()) {
        std::string_view range = accept_language.substr(0, accept_language.find(','));
        accept_language.remove_prefix(std::min(range.size() + 1, accept_language.size()));
        range.remove_prefix(std::min(range.find_first_not_of(' '), range.size()));
        const Texts* texts = range.starts_with("ja")   ? &kJapanese
                             : range.starts_with("en") ? &kEnglish
                                                       : nullptr;
        const double quality = quality_of(range);
        if (texts != nullptr && quality > best_quality) {
            best = texts;
            best_quality = quality;
        }
    }
    return *best;
}

}  // namespace kurabe::server
