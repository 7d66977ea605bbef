// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Pointer;
import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.abi.Errno;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.Mounts;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Mounts mutated regions, one after the other, inside the VM. Each is either refused with a documented errno and left alone, or shows
 * a sound file system, that can be written to, read-only and for writing.
 */
final class Mutants implements GuestTask<Mutants.Args, Mutants.Tally> {

    /**
     * Which mutants.
     *
     * @param base physical address of the region, which is of the smallest size, in bytes
     * @param seed of all of them
     * @param first number of the first one
     * @param count how many
     */
    record Args(long base, int seed, int first, int count) {}

    /**
     * What became of them.
     *
     * @param accepted how many were mounted
     * @param files how many files they showed
     * @param refused how many were not, by errno
     */
    record Tally(int accepted, int files, Map<String, Integer> refused) {}

    /** What mount(2) is documented to say of a region that is not as it should be. */
    private static final Set<Errno> DOCUMENTED =
            Set.of(Errno.EUCLEAN, Errno.EMEDIUMTYPE, Errno.EPROTONOSUPPORT, Errno.EOPNOTSUPP, Errno.EADDRNOTAVAIL);

    private static final int PAGE = 4096;
    private static final long SIZE = 128 << 20;

    /** Where a mutant with more slots than the region was made with may have written. */
    private static final int HEAD = RegionImage.DATA + (2 << 20);

    @Override
    public Tally run(Args args, Progress progress) throws Exception {
        PhysicalRange region = new PhysicalRange(args.base(), SIZE);
        // Or the kernel leaves most of the names out of its log.
        Files.writeString(Path.of("/proc/sys/kernel/printk_devkmsg"), "on\n");
        RegionImage whole = prepare(region);
        int accepted = 0;
        int files = 0;
        Map<String, Integer> refused = new TreeMap<>();
        for (int number = args.first(); number < args.first() + args.count(); number++) {
            RegionImage image = whole.copy();
            long seed = ((long) args.seed() << 32) + number;
            String changes = Mutation.of(image, seed);
            String name = String.format("mutant %d of seed %d (%s)", number, args.seed(), changes);
            Files.writeString(Path.of("/dev/kmsg"), "<4>" + name);
            try {
                Outcome outcome = new Mutant(region, whole, image, new SplittableRandom(seed)).live();
                accepted += outcome.refusal().isEmpty() ? 1 : 0;
                files += outcome.files();
                if (!outcome.refusal().isEmpty()) {
                    refused.merge(outcome.refusal(), 1, Integer::sum);
                }
            } catch (IOException | ErrnoException | RuntimeException e) {
                throw new IllegalStateException(name + ": " + e, e);
            }
        }
        return new Tally(accepted, files, refused);
    }

    /** Makes a region with some of everything in it, and marks each page of its memory. */
    private static RegionImage prepare(PhysicalRange region) throws IOException, ErrnoException {
        try (PhysicalWindow window = new PhysicalWindow(region.base(), RegionImage.DATA)) {
            window.memory().clear(RegionImage.DATA);
        }
        Region.format(region, FormatOptions.defaults());
        Files.createDirectories(Mounting.POINT);
        mount(region, false);
        Path root = Mounting.POINT;
        Files.createDirectories(root.resolve("a/b/c"));
        Files.createDirectory(root.resolve("d"));
        Files.write(root.resolve("three-pages"), new byte[3 * PAGE]);
        Files.write(root.resolve("a/small"), new byte[100]);
        Files.createFile(root.resolve("a/empty"));
        Files.write(root.resolve("gone"), new byte[PAGE]);
        for (int round = 0; round < 6; round++) {
            grow(root.resolve("a/b/in-turn"), 2 * PAGE);
            grow(root.resolve("d/in-turn"), 2 * PAGE);
        }
        Files.write(root.resolve("a/b/large"), new byte[3 << 20]);
        Files.delete(root.resolve("gone"));
        Files.write(root.resolve("d/new"), new byte[PAGE]);
        Files.write(root.resolve("d/old"), new byte[PAGE]);
        Files.move(root.resolve("d/new"), root.resolve("d/old"), StandardCopyOption.ATOMIC_MOVE);
        Mounts.unmount(root);
        mark(region, RegionImage.DATA, SIZE);
        return RegionImage.read(region);
    }

    private static void grow(Path file, int bytes) throws IOException {
        Files.write(file, new byte[bytes], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes its own offset in the region at the start of each page. */
    private static void mark(PhysicalRange region, long from, long to) throws IOException {
        try (PhysicalWindow window = new PhysicalWindow(region.base() + from, to - from)) {
            Pointer memory = window.memory();
            for (long at = from; at < to; at += PAGE) {
                memory.setLong(at - from, at);
            }
        }
    }

    private static void mount(PhysicalRange region, boolean readOnly) throws ErrnoException {
        Mounts.mount(Mounting.POINT, "base=0x" + Long.toHexString(region.base()), readOnly);
    }

    /**
     * What became of one.
     *
     * @param refusal the errno that it was refused with, or an empty text
     * @param files how many files it showed
     */
    private record Outcome(String refusal, int files) {}

    /**
     * One of them.
     *
     * @param region where
     * @param whole the region that it comes from
     * @param image its superblocks and records
     * @param random for what is done to it
     */
    private record Mutant(PhysicalRange region, RegionImage whole, RegionImage image, SplittableRandom random) {

        Outcome live() throws IOException, ErrnoException {
            image.write(region);
            String refusal = tryMount(true);
            int files = 0;
            if (refusal.isEmpty()) {
                files = Examination.of(region).files().size();
                Mounts.unmount(Mounting.POINT);
            }
            check(image.sameAs(RegionImage.read(region)), "a read-only mount wrote into the region");

            String again = tryMount(false);
            check(again.equals(refusal), "refused read-only with '" + refusal + "', for writing with '" + again + "'");
            if (refusal.isEmpty()) {
                use();
            }
            check(refusal.isEmpty() || image.sameAs(RegionImage.read(region)), "refused, but written to");
            restore();
            return new Outcome(refusal, files);
        }

        private String tryMount(boolean readOnly) {
            try {
                mount(region, readOnly);
                return "";
            } catch (ErrnoException e) {
                return DOCUMENTED.stream()
                        .filter(errno -> errno.number() == e.number())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("refused with errno " + e.number(), e))
                        .name();
            }
        }

        /** Looks at it, works with it, looks again in a new mount, and removes all that there is. */
        private void use() throws IOException, ErrnoException {
            Examination before = Examination.of(region);
            if (Files.getFileStore(Mounting.POINT).isReadOnly()) {
                Mounts.unmount(Mounting.POINT);
                return;
            }
            new Work(before, random).run();
            Mounts.unmount(Mounting.POINT);
            mount(region, false);
            List<Path> entries = Examination.of(region).entries();
            for (int i = entries.size() - 1; i >= 0; i--) {
                Files.delete(entries.get(i));
            }
            check(Examination.of(region).entries().isEmpty(), "not all could be removed");
            Mounts.unmount(Mounting.POINT);
        }

        private void restore() throws IOException {
            if (!image.hasSuperblocksOf(whole)) {
                // With more slots, tables lie elsewhere.
                try (PhysicalWindow window = new PhysicalWindow(region.base(), RegionImage.DATA)) {
                    window.memory().clear(RegionImage.DATA);
                }
                mark(region, RegionImage.DATA, HEAD);
            }
            whole.write(region);
        }
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }
}
