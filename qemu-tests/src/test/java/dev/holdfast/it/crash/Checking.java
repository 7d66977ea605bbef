// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.HoldfastException;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.FileExtents;
import dev.holdfast.internal.jna.OpenFile;
import dev.holdfast.vm.guest.GuestTask;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at stopped regions in the next kernel, and goes on working in them. */
final class Checking implements GuestTask<List<Stopping.Stop>, List<Checking.Verdict>> {

    /**
     * What was found in a region.
     *
     * @param happened whether the operation that was stopped has happened
     * @param repaired how many records had one copy that was out of step
     * @param wrong what nothing allows, one line each
     */
    record Verdict(boolean happened, int repaired, List<String> wrong) {}

    /** Larger than what the canary was in, and room for it is what every region has. */
    private static final int FRESH_BYTES = 3 << 20;

    private static final int GROWTH = 5000;

    /** What commits the superblock. */
    private static final Set<Operation> SUPERBLOCK = EnumSet.of(Operation.UPGRADE, Operation.RETIRE);

    @Override
    public List<Verdict> run(List<Stopping.Stop> stops, Progress progress) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Stopping.Stop stop : stops) {
            verdicts.add(new Check(stop.plot(), stop.point()).verdict());
        }
        return verdicts;
    }

    /** The check of one region. */
    private static final class Check {

        private final Plot plot;
        private final StopPoint point;
        private final Tree before;
        private final Tree after;
        private final List<String> wrong = new ArrayList<>();

        Check(Plot plot, StopPoint point) {
            this.plot = plot;
            this.point = point;
            this.before = point.operation().before();
            this.after = point.operation().after(before);
        }

        Verdict verdict() {
            boolean happened = false;
            int repaired = 0;
            try {
                Tree found;
                try (Region region = plot.mount()) {
                    RegionDescription described = region.describe();
                    repaired = described.recordsRepaired();
                    found = Tree.read(region);
                    happened = compare(found);
                    expect(described.recordsDamaged() == 0, described.recordsDamaged() + " records are set aside");
                    expect(repaired <= (point.returns() ? 0 : 1), repaired + " records had a bad copy");
                    expect(
                            described.superblocksRepaired() <= (SUPERBLOCK.contains(point.operation()) ? 1 : 0),
                            described.superblocksRepaired() + " superblocks had a bad copy");
                    addUp(region);
                }
                goOn(found);
            } catch (HoldfastException | IOException | ErrnoException e) {
                wrong.add(e.toString());
            }
            return new Verdict(happened, repaired, List.copyOf(wrong));
        }

        private void expect(boolean so, String otherwise) {
            if (!so) {
                wrong.add(otherwise);
            }
        }

        private boolean compare(Tree found) {
            Optional<String> fromAfter = found.differenceFrom(after);
            if (fromAfter.isEmpty()) {
                return true;
            }
            Optional<String> fromBefore = found.differenceFrom(point.operation().begun(before));
            if (point.returns() || fromBefore.isPresent()) {
                wrong.add("it has not happened: " + fromAfter.get()
                        + fromBefore
                                .map(difference -> "; nor is what was before there: " + difference)
                                .orElse(""));
            }
            return false;
        }

        /** Every byte of the data area is free or in one file. */
        private void addUp(Region region) throws IOException, ErrnoException {
            RegionDescription described = region.describe();
            List<long[]> extents = new ArrayList<>();
            for (Path file : files()) {
                try (OpenFile open = OpenFile.open(file, OpenFile.Access.READ)) {
                    FileExtents.visit(open, (at, address, length) -> extents.add(new long[] {address, length}));
                }
            }
            extents.sort((one, other) -> Long.compare(one[0], other[0]));
            long used = 0;
            long end = described.range().base() + described.dataOffset();
            for (long[] extent : extents) {
                expect(extent[0] >= end, String.format("0x%x is in two files", extent[0]));
                end = extent[0] + extent[1];
                used += extent[1];
            }
            long total = described.range().size() - described.dataOffset();
            long retired = Tree.retiredBytes(region);
            expect(
                    used + described.dataFree() + retired == total,
                    used + " bytes in files, " + described.dataFree() + " free and " + retired + " retired are not "
                            + total);
            int shown = Tree.read(region).count() + 1;
            expect(
                    shown == described.recordsUsed(),
                    described.recordsUsed() + " records for " + shown + " files and directories");
        }

        private List<Path> files() throws IOException {
            try (Stream<Path> all = Files.walk(plot.root())) {
                return all.filter(Files::isRegularFile).toList();
            }
        }

        /** After another mount nothing is left to repair, and everything can be written; what files get then is clear. */
        private void goOn(Tree found) throws IOException, ErrnoException {
            try (Region region = plot.mount()) {
                expect(region.describe().recordsRepaired() == 0, "a record had a bad copy at the second mount");
                Tree.read(region)
                        .differenceFrom(found)
                        .ifPresent(difference -> wrong.add("the second mount shows something else: " + difference));
                for (Path file : files()) {
                    grow(file, GROWTH);
                }
                Path fresh = plot.root().resolve("inner/fresh");
                Files.createFile(fresh);
                grow(fresh, FRESH_BYTES);
                byte[] content = Tree.random(9, GROWTH);
                Files.write(fresh, content);
                addUp(region);
                expect(Arrays.equals(Files.readAllBytes(fresh), content), "what is written is not there");
            }
        }

        private void grow(Path file, int bytes) throws IOException {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                long size = open.length();
                open.setLength(size + bytes);
                byte[] tail = new byte[bytes];
                open.seek(size);
                open.readFully(tail);
                int dirty = Arrays.mismatch(tail, new byte[bytes]);
                expect(dirty < 0, file + " grows by something that is not zero, from byte " + (size + dirty) + " on");
            }
        }
    }
}
