// Zoomed pictures: more pixels, and everything else as without zoom.
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/graph_parser.hpp"
#include "render/plot_shapes.hpp"
#include "render/png.hpp"
#include "render/renderer.hpp"
#include "render/scaling.hpp"
#include "render/true_color_raster.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;

RenderedGraph rendered(Words words, const std::string& zoom) {
    words.insert(words.begin(), {"-m", zoom});
    const auto definition = parse_graph(words, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    Renderer renderer;
    auto graph =
        renderer.render(definition.value(), InventedSource{}, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
    return *std::move(graph);
}

TEST(Zoom, NumbersAndLayoutStay) {
    for (const Words& words : {cpu_graph(), traffic_graph(), memory_graph()}) {
        const RenderedGraph usual = rendered(words, "1");
        for (const char* const zoom : {"2", "3", "1.7", "0.5"}) {
            const RenderedGraph zoomed = rendered(words, zoom);
            EXPECT_EQ(zoomed.size, usual.size);
            EXPECT_EQ(zoomed.plot, usual.plot);
            EXPECT_EQ(zoomed.value_min, usual.value_min);
            EXPECT_EQ(zoomed.value_max, usual.value_max);
            EXPECT_EQ(zoomed.prints, usual.prints);
            ASSERT_EQ(zoomed.legend.size(), usual.legend.size());
            for (std::size_t i = 0; i < usual.legend.size(); ++i) {
                EXPECT_EQ(zoomed.legend[i].text, usual.legend[i].text);
                EXPECT_EQ(zoomed.legend[i].box, usual.legend[i].box);
            }
        }
    }
}

// Sizes of rrdtool's, whose last part of a pixel is cut off.
TEST(Zoom, ThePictureIsSoManyTimesLarger) {
    const Words words = {"DEF:a=user:n:AVERAGE", "AREA:a#00c000"};
    const auto size = [&](const char* zoom) {
        const RenderedGraph graph = rendered(words, zoom);
        EXPECT_EQ(decode_png(graph.bytes)->size, graph.picture_size);
        return graph.picture_size;
    };
    EXPECT_EQ(size("1"), (ImageSize{481, 141}));
    EXPECT_EQ(size("2"), (ImageSize{962, 282}));
    EXPECT_EQ(size("1.5"), (ImageSize{721, 211}));
    EXPECT_EQ(size("0.1"), (ImageSize{48, 14}));
}

TEST(Zoom, PicturesOverTheLimitAreRefused) {
    Renderer renderer;
    auto definition = parse_graph({{"-w", "4000", "-h", "1000", "HRULE:1#f00"}}, kSampleEnd,
                                  store::TimeZone::utc());
    ASSERT_TRUE(definition.has_value());
    const auto error = [&](double zoom) {
        definition->options.zoom = zoom;
        const auto graph =
            renderer.render(*definition, InventedSource{}, kSampleEnd, store::TimeZone::utc());
        return graph ? std::string() : graph.error().message;
    };
    EXPECT_EQ(error(1.9), "");
    EXPECT_EQ(error(3), "a picture of 12243 x 3123 pixels is too large");
    EXPECT_EQ(error(1e-4), "a picture of that zoom has no pixels");
    EXPECT_TRUE(error(1e9).starts_with("a zoom of"));
    EXPECT_FALSE(renderer.message_picture({2000, 2000}, "t", "m", 3).has_value());
}

// One value in each of four pixels, at twice the pixels in each of two.
TEST(Zoom, StepsAreWhereTheDataIs) {
    const PlotRectangle plot = scaled(PlotRectangle{10, 5, 4, 100}, 2);
    EXPECT_EQ(plot, (PlotRectangle{20, 10, 8, 200}));
    const PlotScale scale = {plot, {0, 100}, Scaling::kLinear, 2};
    DisplayList list;
    EvaluatedGraph graph;
    graph.sharp.push_back(EvaluatedLine{.columns = {10, 10, 10, 10, 10, 30, 30, 30},
                                        .width_px = 1,
                                        .color = Color{},
                                        .skip_scale = false,
                                        .dashes = {}});
    append_data(graph.sharp, scale, GraphOptions{}, list);
    ASSERT_EQ(list.size(), 1U);
    const auto& area = std::get<ColumnArea>(list.front());
    EXPECT_EQ(area.left, 20);
    EXPECT_EQ(area.columns[0], (RowSpan{190, 192}));  // two pixels thick, 20 pixels above 210
    EXPECT_EQ(area.columns[1], (RowSpan{150, 192}));
    EXPECT_EQ(area.columns[2], (RowSpan{150, 192}));
    EXPECT_EQ(area.columns[3], (RowSpan{150, 152}));
}

// Lengths that definitions give in pixels are of the layout.
TEST(Zoom, DashesAndGradientsGrowWithThePicture) {
    const PlotScale scale = {{20, 10, 40, 200}, {0, 100}, Scaling::kLinear, 2};
    EvaluatedGraph graph;
    graph.sharp.push_back(EvaluatedLine{.columns = Columns(40, 50.0),
                                        .width_px = 1,
                                        .color = Color{},
                                        .skip_scale = false,
                                        .dashes = {.on_off_px = {3, 2}, .offset_px = 0}});
    graph.sharp.push_back(EvaluatedArea{.columns = Columns(40, 50.0),
                                        .base = {},
                                        .color = Color{},
                                        .skip_scale = false,
                                        .gradient = AreaGradient{.second = {}, .height_px = 15}});
    DisplayList list;
    append_data(graph.sharp, scale, GraphOptions{}, list);
    const auto& dashes = std::get<FilledBoxes>(list.at(0)).boxes;
    ASSERT_EQ(dashes.size(), 4U);
    EXPECT_EQ(dashes[0], (PixelBox{20, 110, 26, 112}));
    EXPECT_EQ(dashes[1], (PixelBox{30, 110, 36, 112}));
    const auto& course = std::get<ColumnArea>(list.at(1)).gradient.columns.at(0);
    EXPECT_EQ(course.end - course.begin, 30);
}

TEST(Zoom, ThinLinesGetWholePixelsAndTheRestOfTheirColour) {
    const auto line_at = [](double scale, double width_px) {
        const DisplayList list = scaled({GridLine{.upright = true,
                                                  .position = 10,
                                                  .from = 3,
                                                  .to = 7,
                                                  .dotted = true,
                                                  .color = Color{0, 0, 0, 200},
                                                  .width_px = width_px}},
                                        scale);
        return std::get<GridLine>(list.front());
    };
    const GridLine usual = line_at(1, 0.4);
    EXPECT_EQ(usual.position, 10);
    EXPECT_EQ(usual.width_px, 1);
    EXPECT_EQ(usual.color.alpha, 80);
    const GridLine twice = line_at(2, 0.4);
    EXPECT_EQ(twice.position, 20);
    EXPECT_EQ(twice.width_px, 1);
    EXPECT_EQ(twice.color.alpha, 160);
    EXPECT_EQ(twice.from, 6);
    EXPECT_EQ(twice.to, 14);
    EXPECT_EQ(twice.on_px, 2);
    const GridLine thrice = line_at(3, 0.4);  // in the middle of three pixels
    EXPECT_EQ(thrice.position, 31);
    EXPECT_EQ(thrice.width_px, 1);
    EXPECT_EQ(thrice.color.alpha, 200);
    EXPECT_EQ(line_at(3, 1).width_px, 3);
    EXPECT_EQ(line_at(0.5, 1).color.alpha, 100);
}

TEST(Zoom, TextsKeepTheirPlaceAndRoom) {
    Canvas canvas("DejaVu Sans Mono");
    for (const std::string text : {"Cur: 44.4[%]", "受信バイト", "平均 load"}) {
        for (const double size_pt : {5.5, 7.0, 8.0, 9.0}) {
            const Font font{size_pt, ""};
            const int room = canvas.measure(text + "|", font).width_px;
            for (const double scale : {2.0, 3.0, 1.5}) {
                TrueColorRaster raster({600, 60});
                DisplayList list = {TextRun{.text = text + "|",
                                            .font = font,
                                            .x = 5,
                                            .baseline = 15,
                                            .color = Color{255, 255, 255, 255}}};
                draw(scaled(std::move(list), scale), canvas, raster);
                const Pixels pixels = std::move(raster).take();
                int last = 0;
                for (int y = 0; y < pixels.size.height_px; ++y) {
                    for (int x = 0; x < pixels.size.width_px; ++x) {
                        if ((pixels.rgb[pixels.index(x, y)] & 0xFFFFFF) != 0)
                            last = std::max(last, x);
                    }
                }
                EXPECT_LE(last, (5 + room) * scale) << text << size_pt << ' ' << scale;
                EXPECT_GE(last, (5 + room - size_pt) * scale) << text << size_pt << ' ' << scale;
            }
        }
    }
}

}  // namespace
}  // namespace kurabe::render::testing
