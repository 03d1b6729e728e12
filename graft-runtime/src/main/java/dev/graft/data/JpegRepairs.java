package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Changes to a JPEG file, from its beginning to its end, that libjpeg needs to read it without a complaint. */
final class JpegRepairs {
    private final byte[] file;
    private final List<Repair> repairs = new ArrayList<>();

    /** Bytes of the file that are replaced. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Repair(int from, int to, byte[] instead) {}

    JpegRepairs(byte[] file) {
        this.file = file;
    }

    /** Takes out bytes that mean nothing. */
    void drop(int from, int to) {
        if (from < to) {
            repairs.add(new Repair(from, to, new byte[0]));
        }
    }

    /** Numbers a restart marker: the {@code count}th of its scan. */
    void restart(int marker, int count) {
        byte right = (byte) (0xD0 + count % 8);
        if (file[marker + 1] != right) {
            repairs.add(new Repair(marker + 1, marker + 2, new byte[] {right}));
        }
    }

    /** Puts the height into the frame header. */
    void height(int at, int height) {
        repairs.add(new Repair(at, at + 2, new byte[] {(byte) (height >> 8), (byte) height}));
    }

    /** The file with its end marker at {@code end}; itself when nothing needs to be changed. */
    byte[] endedAt(int end) {
        boolean marked = end + 1 < file.length && file[end] == (byte) 0xFF && file[end + 1] == (byte) 0xD9;
        if (marked && repairs.isEmpty()) {
            return file;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(end + 2);
        write(body, end);
        body.write(0xFF);
        body.write(JpegHeader.END_OF_IMAGE);
        return body.toByteArray();
    }

    /** The file as it is after the last change. */
    byte[] applied() {
        if (repairs.isEmpty()) {
            return file;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(file.length);
        write(body, file.length);
        return body.toByteArray();
    }

    private void write(ByteArrayOutputStream body, int end) {
        int at = 0;
        for (Repair repair : repairs) {
            if (repair.from < end) {
                body.write(file, at, repair.from - at);
                body.writeBytes(repair.instead);
                at = repair.to;
            }
        }
        body.write(file, at, Math.max(0, end - at));
    }
}
