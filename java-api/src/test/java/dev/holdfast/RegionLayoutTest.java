// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.RegionArea.Kind;
import dev.holdfast.RegionLayout.Share;
import dev.holdfast.abi.RegionInfo;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What a layout says of a region, and its picture. */
final class RegionLayoutTest {
    private static final long BASE = 0x1_0000_0000L;
    private static final long SIZE = 128L << 20;
    private static final long DATA = 4L << 20;
    private static final long MIB = 1 << 20;

    @Test
    void namesWhatTheModuleDoesNotTell() {
        RegionLayout layout = layout(
                area(Kind.FREE, -1, "", 96 * MIB, 32 * MIB),
                area(Kind.CONTENT, 7, "a", 4 * MIB, 60 * MIB),
                area(Kind.SUPERBLOCK, -1, "", 0, 4096));

        assertThat(layout.areas().stream().map(RegionArea::kind))
                .containsExactly(Kind.SUPERBLOCK, Kind.PADDING, Kind.CONTENT, Kind.HELD, Kind.FREE);
        assertThat(layout.areas().get(3)).isEqualTo(area(Kind.HELD, -1, "", 64 * MIB, 32 * MIB));
        assertThat(layout.of("a")).containsExactly(area(Kind.CONTENT, 7, "a", 4 * MIB, 60 * MIB));
    }

    @Test
    void endsTheRegionSOwnPartWhereDataBegins() {
        RegionLayout layout = layout(area(Kind.SUPERBLOCK, -1, "", 0, 4096));

        assertThat(layout.areas())
                .containsExactly(
                        area(Kind.SUPERBLOCK, -1, "", 0, 4096),
                        area(Kind.PADDING, -1, "", 4096, DATA - 4096),
                        area(Kind.HELD, -1, "", DATA, SIZE - DATA));
    }

    @Test
    void countsFreeMemoryInPagesAsTheyLieInPhysicalMemory() {
        RegionLayout layout = layout(
                area(Kind.FREE, -1, "", 5 * MIB, 4 * MIB),
                area(Kind.FREE, -1, "", 20 * MIB, 3 * MIB),
                area(Kind.FREE, -1, "", 31 * MIB, 1 * MIB));

        assertThat(layout.freeBytes()).isEqualTo(8 * MIB);
        assertThat(layout.largestFree()).isEqualTo(4 * MIB);
        assertThat(layout.freeInPages(4096)).isEqualTo(8 * MIB);
        // 6 to 8 and 20 to 22.
        assertThat(layout.freeInPages(RegionLayout.PAGE_2M)).isEqualTo(4 * MIB);
        assertThat(layout.freeInPages(RegionLayout.PAGE_1G)).isZero();
    }

    @Test
    void sharesStandByMemoryAndThenByName() {
        RegionLayout layout = layout(
                area(Kind.CONTENT, 3, "c", 4 * MIB, MIB),
                area(Kind.CONTENT, 2, "b", 5 * MIB, MIB),
                area(Kind.CONTENT, 3, "c", 6 * MIB, MIB),
                area(Kind.CONTENT, 1, "a", 7 * MIB, MIB),
                area(Kind.LEAF, 1, "a", 8 * MIB, 8192));

        assertThat(layout.shares())
                .containsExactly(new Share("c", 2 * MIB, 2), new Share("a", MIB + 8192, 2), new Share("b", MIB, 1));
    }

    @Test
    void takesNoAreasThatOverlap() {
        assertThatThrownBy(() ->
                        layout(area(Kind.CONTENT, 1, "a", 4 * MIB, 2 * MIB), area(Kind.CONTENT, 2, "b", 5 * MIB, MIB)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there should be an area at " + 6 * MIB + ", not ");
    }

    @Test
    void drawsWhatLiesWhere() throws Exception {
        RegionLayout layout = layout(
                area(Kind.SUPERBLOCK, -1, "", 0, 4096),
                area(Kind.CONTENT, 1, "vm & <co>", 4 * MIB, 6 * MIB),
                area(Kind.CONTENT, 2, "half\u0001", 12 * MIB, 4096),
                area(Kind.FREE, -1, "", 12 * MIB + 4096, SIZE - 12 * MIB - 4096));

        Document picture = parsed(layout.toSvg());

        assertThat(texts(picture, "text"))
                .contains("guests", "in 2 files", "vm & <co>", "half\ufffd", "held for now")
                .contains("6 MiB, 1 piece", "4 KiB, 1 piece", "0x107c00000");
        // A row is 4 MiB and a step of it 8 KiB: the second row and half of the third are full.
        assertThat(rects(picture, "vm & <co>\n0x100400000 to 0x100800000"))
                .containsExactly("owner-0 x=148 y=196 width=1024 height=16");
        assertThat(rects(picture, "vm & <co>\n0x100800000 to 0x100a00000"))
                .containsExactly("owner-0 x=148 y=216 width=512 height=16");
        // Half a step is half as high.
        assertThat(rects(picture, "half\ufffd\n0x100c00000 to 0x100c02000"))
                .containsExactly("owner-1 x=148 y=244 width=2 height=8");
    }

    @Test
    void drawsTheSameWhateverTheModuleTellsFirst() {
        List<RegionArea> areas = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            areas.add(area(Kind.CONTENT, number, "file-" + number, (4 + number) * MIB, number % 2 == 0 ? MIB : 4096));
        }
        String picture = layout(areas).toSvg();
        Collections.reverse(areas);

        assertThat(layout(areas).toSvg()).isEqualTo(picture);
        assertThat(picture).contains(">79 other files<");
        for (int rank = 0; rank < 21; rank++) {
            assertThat(picture).contains("class=\"owner-" + rank + "\"");
        }
    }

    @Test
    void givesEachFileAColourOfItsOwn() {
        List<RegionArea> areas = new ArrayList<>();
        for (int number = 0; number < 21; number++) {
            areas.add(area(Kind.CONTENT, number, "file-" + number, (4 + number) * MIB, MIB));
        }

        assertThat(layout(areas)
                        .toSvg()
                        .lines()
                        .filter(line -> line.startsWith(".owner-"))
                        .map(line -> line.replaceAll(".*fill", "")))
                .hasSize(21)
                .doesNotHaveDuplicates();
    }

    private static RegionArea area(Kind kind, long record, String owner, long offset, long length) {
        return new RegionArea(kind, record, owner, 0, offset, BASE + offset, length);
    }

    private static RegionLayout layout(RegionArea... told) {
        return layout(List.of(told));
    }

    /** A region in which nothing is but what is told; held is what is not. */
    private static RegionLayout layout(List<RegionArea> told) {
        try (RegionInfo info = new RegionInfo()) {
            info.regionBase(BASE);
            info.regionSize(SIZE);
            info.dataOffset(DATA);
            info.label("guests");
            return RegionLayout.of(RegionDescription.of(info, List.of(new PhysicalRange(BASE, SIZE))), told);
        }
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document picture, String tag) {
        List<String> texts = new ArrayList<>();
        NodeList found = picture.getElementsByTagName(tag);
        for (int index = 0; index < found.getLength(); index++) {
            texts.add(found.item(index).getTextContent());
        }
        return texts;
    }

    private static List<String> rects(Document picture, String title) {
        List<String> rects = new ArrayList<>();
        NodeList found = picture.getElementsByTagName("rect");
        for (int index = 0; index < found.getLength(); index++) {
            Element rect = (Element) found.item(index);
            if (rect.getTextContent().equals(title)) {
                rects.add(String.format(
                        "%s x=%s y=%s width=%s height=%s",
                        rect.getAttribute("class"),
                        rect.getAttribute("x"),
                        rect.getAttribute("y"),
                        rect.getAttribute("width"),
                        rect.getAttribute("height")));
            }
        }
        return rects;
    }
}
