// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A region cut into rows, and each row into cells, of equal lengths: what a picture of it can show. */
final class LayoutCells {
    /** Cells of a row. */
    static final int COLUMNS = 512;

    /** In how many steps a cell can be full. */
    static final int LEVELS = 8;

    private static final int MOST_ROWS = 32;

    private final RegionLayout layout;
    private final long rowBytes;

    LayoutCells(RegionLayout layout) {
        this.layout = layout;
        long rounded = Long.highestOneBit(layout.range().size() - 1) << 1;
        this.rowBytes = rounded / MOST_ROWS;
    }

    /** Length of a row, in bytes. */
    long rowBytes() {
        return rowBytes;
    }

    /** Number of rows; the last one may be shorter. */
    int rows() {
        return (int) ((layout.range().size() + rowBytes - 1) / rowBytes);
    }

    /** Length of a cell, in bytes. */
    long cellBytes() {
        return rowBytes / COLUMNS;
    }

    /**
     * Neighbouring cells of a row that look alike.
     *
     * @param row number of the row
     * @param column number of the first cell
     * @param columns how many there are
     * @param look what has most of each
     * @param looks how many things are in each
     * @param level how full they are, 1 to {@link #LEVELS}
     */
    record Run(int row, int column, int columns, String look, int looks, int level) {
        boolean goesOn(Run next) {
            return row == next.row
                    && column + columns == next.column
                    && look.equals(next.look)
                    && looks == next.looks
                    && level == next.level;
        }

        Run with(Run next) {
            return new Run(row, column, columns + next.columns, look, looks, level);
        }
    }

    /** The cells that are not empty; {@code look} says what an area looks like, or an empty text for nothing. */
    List<Run> runs(Function<RegionArea, String> look) {
        List<Run> runs = new ArrayList<>();
        Map<String, Long> cell = new LinkedHashMap<>();
        long current = 0;
        for (RegionArea area : layout.areas()) {
            String name = look.apply(area);
            long at = area.regionOffset();
            while (at < area.regionEnd()) {
                long number = at / cellBytes();
                if (number != current) {
                    add(runs, current, cell);
                    cell.clear();
                    current = number;
                }
                long end = Math.min(area.regionEnd(), (number + 1) * cellBytes());
                if (!name.isEmpty()) {
                    cell.merge(name, end - at, Long::sum);
                }
                at = end;
            }
        }
        add(runs, current, cell);
        return runs;
    }

    private void add(List<Run> runs, long number, Map<String, Long> cell) {
        if (cell.isEmpty()) {
            return;
        }
        long bytes = cell.values().stream().mapToLong(Long::longValue).sum();
        String most = cell.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
        int level = (int) Math.max(1, Math.round((double) bytes * LEVELS / cellBytes()));
        Run next = new Run((int) (number / COLUMNS), (int) (number % COLUMNS), 1, most, cell.size(), level);
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last != null && last.goesOn(next)) {
            runs.set(runs.size() - 1, last.with(next));
        } else {
            runs.add(next);
        }
    }
}
