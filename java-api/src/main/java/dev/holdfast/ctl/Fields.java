// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.Finding;
import dev.holdfast.PhysicalRange;
import dev.holdfast.RegionDescription;
import dev.holdfast.fsck.FsckFinding;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What JSON says of things that several commands tell of. Lengths and addresses are in bytes, names are as in the library. */
final class Fields {
    private Fields() {}

    static Map<String, Object> of(RegionDescription region, Optional<Path> mountPoint) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("uuid", region.uuid().toString());
        fields.put("label", region.label());
        fields.put("ranges", region.ranges().stream().map(Fields::of).toList());
        fields.put("mounted", region.mounted());
        fields.put("readOnly", region.readOnly());
        mountPoint.ifPresent(place -> fields.put("mountPoint", place.toString()));
        fields.put("formatVersion", region.formatVersion());
        fields.put("formatted", region.formatted().toString());
        fields.put("writerRelease", region.writerRelease());
        fields.put("generation", region.generation());
        fields.put("compat", region.compat());
        fields.put("roCompat", region.roCompat());
        fields.put("incompat", region.incompat());
        fields.put("recordSlots", region.recordSlots());
        if (region.mounted()) {
            fields.put("dataFree", region.dataFree());
            fields.put("recordsUsed", region.recordsUsed());
            fields.put("recordsDamaged", region.recordsDamaged());
            fields.put("recordsRepaired", region.recordsRepaired());
            fields.put("mountNanoseconds", region.mountTime().toNanos());
        }
        fields.put("superblocksRepaired", region.superblocksRepaired());
        return fields;
    }

    static Map<String, Object> of(PhysicalRange range) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("base", range.base());
        fields.put("size", range.size());
        return fields;
    }

    static Map<String, Object> of(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", finding.kind().name());
        fields.put("blocking", finding.blocking());
        fields.put("what", finding.what());
        fields.put("hint", finding.hint());
        return fields;
    }

    static Map<String, Object> of(FsckFinding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", finding.kind().name());
        fields.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        if (finding.record() != FsckFinding.NO_RECORD) {
            fields.put("record", finding.record());
        }
        fields.put("offset", finding.offset());
        fields.put("what", finding.what());
        finding.repair().ifPresent(repair -> fields.put("repair", repair.name()));
        return fields;
    }
}
