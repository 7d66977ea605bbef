// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Ages a region that is mostly full: guest memories come and go among small files that are created, grown, shrunk, punched and
 * removed. Then tells how much of what is free could still be had in large pages.
 */
final class Aging implements GuestTask<Integer, Aging.Aged> {
    private static final long HUGE = 2L << 20;
    private static final long GIGANTIC = 1L << 30;
    private static final int BLOCK = 4096;
    private static final int SMALLEST_SHIFT = 12;
    private static final int SIZES = 8;
    private static final int GUEST_EVERY = 24;
    private static final double FULL = 0.8;

    /**
     * What a region is like.
     *
     * @param operations that were done
     * @param files in it
     * @param extents of all files
     * @param free bytes
     * @param largest free run, in bytes
     * @param huge free bytes that could be had in 2 MiB pages
     * @param gigantic free bytes that could be had in 1 GiB pages
     */
    record Aged(int operations, int files, int extents, long free, long largest, long huge, long gigantic) {}

    private final List<String> files = new ArrayList<>();
    private int created;

    @Override
    public Aged run(Integer operations, Progress progress) throws IOException {
        SplittableRandom random = new SplittableRandom(operations);
        try (Region region = Region.open(Mounting.POINT)) {
            RegionDescription start = region.describe();
            long total = start.dataFree();
            long free = total;
            for (int done = 0; done < operations; done++) {
                if (done % 64 == 0) {
                    free = region.describe().dataFree();
                }
                operate(random, free < total * (1 - FULL));
            }
            return look(region, operations);
        }
    }

    private void operate(SplittableRandom random, boolean full) throws IOException {
        int choice = random.nextInt(10);
        if (files.isEmpty() || (!full && choice < 5)) {
            String name = "f" + created++;
            files.add(name);
            allocate(name, 0, random.nextInt(GUEST_EVERY) == 0 ? guestSize(random) : size(random));
        } else if (full && choice < 6) {
            int index = random.nextInt(files.size());
            Files.delete(Mounting.POINT.resolve("guest-memory").resolve(files.get(index)));
            files.set(index, files.get(files.size() - 1));
            files.remove(files.size() - 1);
        } else {
            change(files.get(random.nextInt(files.size())), random);
        }
    }

    /** Changes a file, unless it is a guest memory. */
    private static void change(String name, SplittableRandom random) throws IOException {
        try (Holes file = new Holes("guest-memory/" + name)) {
            long size = file.channel().size();
            if (size >= 2 * HUGE) {
                return;
            }
            switch (random.nextInt(3)) {
                case 0 -> file.resize(size / 2);
                case 1 -> file.allocate(Holes.PUNCH, size / 4, Math.max(BLOCK, size / 4));
                default -> file.allocate(0, size, size(random));
            }
        }
    }

    /** 4 MiB to 32 MiB, in steps of 2 MiB. */
    private static long guestSize(SplittableRandom random) {
        return HUGE * (2 + random.nextInt(15));
    }

    /** Every power of two from 4 KiB to 512 KiB is as likely, and what lies between. */
    private static long size(SplittableRandom random) {
        long least = 1L << (SMALLEST_SHIFT + random.nextInt(SIZES));
        return (least + random.nextLong(least)) / BLOCK * BLOCK;
    }

    private static void allocate(String name, long at, long bytes) throws IOException {
        try (Holes file = new Holes("guest-memory/" + name)) {
            file.allocate(0, at, bytes);
        }
    }

    private static Aged look(Region region, int operations) {
        List<PhysicalExtent> taken = new ArrayList<>();
        List<String> names = region.guestMemories();
        names.forEach(name -> taken.addAll(region.guestMemory(name).extents()));
        taken.sort(Comparator.comparingLong(PhysicalExtent::physicalAddress));
        RegionDescription now = region.describe();
        PhysicalRange range = now.range();
        long free = 0;
        long largest = 0;
        long huge = 0;
        long gigantic = 0;
        long at = range.base() + now.dataOffset();
        for (int next = 0; next <= taken.size(); next++) {
            long end = next < taken.size() ? taken.get(next).physicalAddress() : range.base() + range.size();
            free += end - at;
            largest = Math.max(largest, end - at);
            huge += pages(at, end, HUGE);
            gigantic += pages(at, end, GIGANTIC);
            at = next < taken.size() ? end + taken.get(next).length() : end;
        }
        return new Aged(operations, names.size(), taken.size(), free, largest, huge, gigantic);
    }

    private static long pages(long from, long to, long page) {
        long first = (from + page - 1) / page * page;
        return Math.max(0, (to - first) / page * page);
    }

    /** Looks at a region that was aged before. */
    static final class Look implements GuestTask<Integer, Aged> {
        @Override
        public Aged run(Integer operations, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                return look(region, operations);
            }
        }
    }
}
