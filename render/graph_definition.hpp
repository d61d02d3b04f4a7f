// A parsed graph: options, variables and elements of RRDtool's graph language as plain data.
// First stage of a graph: GraphDefinition -> EvaluatedGraph -> Layout -> IndexedPixels -> bytes.
// Rule: rrdgraph(1), rrdgraph_data(1), rrdgraph_graph(1), rrdgraph_rpn(1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "render/color.hpp"
#include "render/rpn.hpp"
#include "render/series_source.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::render {

inline constexpr double kFontSizeMax_pt = 200;
// Of steps and shifts that are asked for, in seconds: a hundred years.
inline constexpr std::int64_t kStepMax = 100L * 366 * 86400;
inline constexpr std::int64_t kShiftMax = kStepMax;

using store::Cf;
using store::RraCf;
using store::Seconds;
using store::Time;
using store::Value;

// ---- Options ----

enum class ColorTag {
    kBack,
    kCanvas,
    kShadeA,
    kShadeB,
    kGrid,
    kMajorGrid,
    kFont,
    kAxis,
    kFrame,
    kArrow,
};
inline constexpr std::size_t kColorTagCount = 10;

enum class FontTag { kTitle, kAxis, kUnit, kLegend, kWatermark };
inline constexpr std::size_t kFontTagCount = 5;

// How the edges of letters are drawn.
enum class FontRendering {
    kNormal,
    kLight,
    kMono,  // without grey
};

// How a text is set.
struct Font {
    double size_pt;           // at 100 dpi: 1 pt = 100/72 px
    std::string family;       // "Sans Bold"; empty = the renderer's
    bool has_markup = false;  // its texts are Pango markup
    FontRendering rendering = FontRendering::kNormal;
};

enum class CalendarUnit { kSecond, kMinute, kHour, kDay, kWeek, kMonth, kYear };

struct GridInterval {
    CalendarUnit unit;
    int count;  // >= 1
};

// --x-grid GTM:GST:MTM:MST:LTM:LST:LPR:LFM
struct XGrid {
    GridInterval minor;
    GridInterval major;
    GridInterval label;
    Seconds label_span{0};  // LPR: a label is centred over this span; 0 = stands at its time
    std::string label_format;
};

// --y-grid STEP:FACTOR
struct YGrid {
    double step;
    int label_factor;
};

// --right-axis SCALE:SHIFT: labels at the right are of value * scale + shift.
struct RightAxis {
    double scale;  // not 0
    double shift;
};

enum class AxisFormatter { kNumeric, kTimestamp, kDuration };

// --left-axis-format, --left-axis-formatter and those of the right axis.
struct AxisFormat {
    AxisFormatter formatter = AxisFormatter::kNumeric;
    std::string format;  // checked at parsing; empty = the formatter's own
};

// Pictures, and the numbers that a picture would show as text.
// kLayout is our own: where everything of the picture stands, see layout_json.hpp.
enum class ImageFormat {
    kPng,
    kSvg,
    kPdf,
    kEps,
    kXml,
    kXmlEnum,
    kCsv,
    kTsv,
    kSsv,
    kJson,
    kJsonTime,
    kLayout
};
[[nodiscard]] constexpr bool is_export(ImageFormat format) noexcept {
    return format >= ImageFormat::kXml && format <= ImageFormat::kJsonTime;
}
[[nodiscard]] constexpr bool is_vector(ImageFormat format) noexcept {
    return format >= ImageFormat::kSvg && format <= ImageFormat::kEps;
}

enum class LegendPosition { kNorth, kSouth, kWest, kEast };

// The order of a legend's lines. kBottomUp2 leaves comments before and behind the others in place.
enum class LegendDirection { kTopDown, kBottomUp, kBottomUp2 };

// ---- What rrdtool does not have ----

// How times of a second range lie below those of the first: by the time since the ranges' starts,
// or by the clock on the wall, which differs where the clock is changed within one of them.
enum class ComparisonAlignment { kStart, kClock };

// A second range, as long as the graph's own: drawn into the same plot, or in a picture of its own,
// so that here only the value scale holds what it has.
struct Comparison {
    Time start;
    ComparisonAlignment alignment = ComparisonAlignment::kStart;
    bool is_drawn = true;
};

// A moment of the graph's range with a word about it.
struct Mark {
    Time time;
    std::string text;  // may be empty
    Color color;
};

struct Band {
    Time start;
    Time end;  // start < end
    std::string text;
    Color color;
};

enum class Theme { kRrdtool, kKurado, kLight, kDark };

struct GraphOptions {
    Time start;
    Time end;                             // start < end
    std::optional<store::TimeZone> zone;  // --tz; none = the caller's
    Seconds step{0};     // rows as long as that at least; 0 = as long as a pixel is wide
    int width_px = 400;  // of the plot; of the image in full-size mode
    int height_px = 100;
    bool full_size_mode = false;
    bool only_graph = false;
    double zoom = 1;             // how much larger the picture is than its layout
    bool svg_in_pixels = false;  // as large on a screen as the PNG; else in points, as rrdtool's
    std::string title;           // may hold '\n'
    std::string vertical_label;
    std::string right_axis_label;
    std::optional<double> lower_limit;
    std::optional<double> upper_limit;
    bool rigid = false;
    bool allow_shrink = false;  // of a rigid scale
    // Where the scale ends, whatever the data and the limits above: what is beyond is cut off.
    std::optional<double> clip_below;
    std::optional<double> clip_above;
    bool alt_autoscale = false;
    bool alt_autoscale_min = false;
    bool alt_autoscale_max = false;
    bool logarithmic = false;
    int base = 1000;        // or 1024
    bool si_units = false;  // --units=si: letters on a logarithmic axis
    std::optional<int> units_exponent;
    int units_length = 6;
    bool keep_label_room = false;  // --units-length was given: also with --y-grid none
    AxisFormat left_axis_format;
    std::optional<RightAxis> right_axis;
    AxisFormat right_axis_format;
    std::optional<XGrid> x_grid;
    std::string week_format = "Week %V";  // of labels of weeks, without x_grid
    bool no_x_grid = false;
    std::optional<YGrid> y_grid;
    bool no_y_grid = false;
    bool alt_y_grid = false;
    bool no_minor = false;
    bool slope_mode = false;
    bool no_gridfit = false;   // shapes between pixels, with smooth edges
    bool rough_edges = false;  // --graph-render-mode mono
    double grid_dash_on_px = 1;
    double grid_dash_off_px = 1;
    bool no_legend = false;
    LegendPosition legend_position = LegendPosition::kSouth;
    LegendDirection legend_direction = LegendDirection::kTopDown;
    std::optional<int> legend_height_px;  // of one above or below the plot; none = as it needs
    std::optional<int> legend_width_px;   // of one beside the plot
    bool force_rules_legend = false;      // of rules that are outside the graph, too
    bool dynamic_labels = false;          // boxes in the shape of their element
    bool missing_as_unknown = false;      // --use-nan-for-all-missing-data
    bool tag_margin = true;               // the margin of rrdtool's tag, 15 px at the right
    int border_px = 2;
    int tab_width_px = 40;
    std::string watermark;
    std::array<Color, kColorTagCount> colors;
    std::array<Font, kFontTagCount> fonts;
    ImageFormat format = ImageFormat::kPng;
    bool lazy = false;                      // draw only when the file there is out of date
    std::optional<std::string> image_info;  // --imginfo, checked: see image_info.hpp
    std::optional<std::string> daemon;      // the address of an rrdcached, for files
    std::optional<Comparison> comparison;
    std::vector<Mark> marks;
    std::vector<Band> bands;
    Theme theme = Theme::kRrdtool;  // `colors` and `border_px` are what it says, unless given
    bool safe_palette = false;      // for the series, whatever their own colours are
};

[[nodiscard]] std::array<Color, kColorTagCount> rrdtool_colors();
[[nodiscard]] std::array<Font, kFontTagCount> rrdtool_fonts();

// ---- Variables, in the order of the definition ----

struct DataVariable {  // DEF
    std::string name;
    SeriesReference reference;
    RraCf cf;
    std::optional<Seconds> step;
    std::optional<Time> start;
    std::optional<Time> end;
    Cf reduce;  // how rows are folded into longer ones
};

struct ComputedVariable {  // CDEF
    std::string name;
    RpnProgram program;
};

enum class Statistic {
    kMaximum,
    kMinimum,
    kAverage,
    kStdev,
    kTotal,
    kLast,
    kFirst,
    kPercent,
    kPercentNan,
    kLslSlope,
    kLslIntercept,
    kLslCorrelation,
};

struct StatisticVariable {  // VDEF
    std::string name;
    std::string series;
    Statistic statistic;
    double parameter = 0;  // of kPercent and kPercentNan
};

using Variable = std::variant<DataVariable, ComputedVariable, StatisticVariable>;

// ---- Elements, in the order of the definition ----

// A number or the name of a variable.
using ValueReference = std::variant<double, std::string>;

struct Dashes {
    std::vector<double> on_off_px;  // empty = solid
    double offset_px = 0;
};

struct LineElement {
    ValueReference value;
    double width_px = 1;
    std::optional<Color> color;  // none = not drawn, but it counts for the scale and for STACK
    std::string legend;
    bool stack = false;
    bool skip_scale = false;
    Dashes dashes;
};

// From the colour of an area at its value to another one further down: `height_px` below the value;
// at the area's base if that is 0, and from so far above the base to the base if it is negative.
struct AreaGradient {
    Color second;
    double height_px = 50;
};

struct AreaElement {
    ValueReference value;
    std::optional<Color> color;
    std::optional<AreaGradient> gradient;
    std::string legend;
    bool stack = false;
    bool skip_scale = false;
};

struct HorizontalRuleElement {
    ValueReference value;
    Color color;
    std::string legend;
    Dashes dashes;
};

struct VerticalRuleElement {
    ValueReference time;  // seconds since the epoch, or a VDEF with a time
    Color color;
    std::string legend;
    Dashes dashes;
};

struct TickElement {
    ValueReference value;
    Color color;
    double fraction = 0.1;
    std::string legend;
};

// How a PRINT or GPRINT shows its value.
enum class PrintKind {
    kNumber,
    kTimeOfStatistic,  // strftime
    kValueAsTime,      // valstrftime: seconds since the epoch, in UTC
    kValueAsDuration,  // valstrfduration: milliseconds
};

struct PrintElement {
    std::string variable;
    std::optional<Cf> cf;  // old form "variable:CF:format"; none for a VDEF
    std::string format;    // checked at parsing; numbers never go to printf
    PrintKind kind = PrintKind::kNumber;
    bool in_graph = true;  // GPRINT; otherwise PRINT
};

struct CommentElement {
    std::string text;
};

enum class Alignment { kLeft, kRight, kJustified, kCenter };

struct TextAlignElement {
    Alignment alignment;
};

// Moves a variable in time: for everything that is drawn or printed, and for the variables after
// the first `variables_before`, but not for those computed from it before.
struct ShiftElement {
    std::string variable;
    ValueReference offset;  // seconds; cut to a multiple of the variable's step
    std::size_t variables_before = 0;
};

// XPORT: a column of the export formats; pictures have none.
struct ExportElement {
    std::string variable;
    std::string legend;
};

using Element =
    std::variant<LineElement, AreaElement, HorizontalRuleElement, VerticalRuleElement, TickElement,
                 PrintElement, CommentElement, TextAlignElement, ShiftElement, ExportElement>;

struct GraphDefinition {
    GraphOptions options;
    std::vector<Variable> variables;
    std::vector<Element> elements;
};

// Whether there is anything that rrdtool makes a picture for: what is drawn, or a GPRINT.
[[nodiscard]] bool has_picture(const GraphDefinition& definition);

}  // namespace kurabe::render
