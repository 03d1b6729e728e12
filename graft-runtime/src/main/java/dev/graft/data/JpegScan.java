package dev.graft.data;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the Huffman codes of a JPEG (ITU-T T.81, annexes F and G) without computing a pixel. libjpeg fills what is
 * damaged or missing with grey, says so on the standard error stream and nowhere else, and calls that a success; here
 * it is found out first. What libjpeg only complains of is taken out. Costs an eighth of the reading. A progressive picture,
 * of which it would cost half, is followed only if it has no end; one in arithmetic codes must have one.
 */
final class JpegScan {
    private final PictureBytes jpeg;
    private final int height;
    private final JpegTables tables = new JpegTables();
    private final HuffmanBits bits;
    private final JpegRepairs repairs;
    private @Nullable JpegFrame frame;
    private @Nullable JpegProgress progress;
    private long[] done = {};
    private int restartInterval;
    private boolean cutOff;

    private JpegScan(byte[] file, int height) {
        this.jpeg = new PictureBytes(file, ByteOrder.BIG_ENDIAN, "JPEG");
        this.height = height;
        this.bits = new HuffmanBits(jpeg);
        this.repairs = new JpegRepairs(file);
    }

    /**
     * Returns the file as libjpeg reads it without complaint: the same, or without stray bytes, with its end marker,
     * its height in the frame header and its restart markers in order.
     *
     * @param header of the file, by {@link JpegHeader}
     * @throws UnreadablePictureException when a part of the picture is missing or damaged
     */
    static byte[] verify(PictureHeader header) throws UnreadablePictureException {
        return new JpegScan(header.body(), header.height()).verify();
    }

    private byte[] verify() throws UnreadablePictureException {
        int end = 2;
        while (true) {
            int at = jpeg.nextMarker(end);
            if (at < 0 || (frame != null && isCutOff(at))) {
                requireWhole(true);
                return repairs.endedAt(end);
            }
            int marker = jpeg.u8(at + 1L);
            repairs.drop(end, at);
            if (marker == JpegHeader.END_OF_IMAGE) {
                requireWhole(false);
                return repairs.endedAt(at);
            }
            end = segment(marker, at);
            if (end < 0) {
                return repairs.applied();
            }
            if (marker == JpegHeader.START_OF_SCAN && hasAll()) {
                requireWhole(jpeg.nextMarker(end) < 0);
                return repairs.endedAt(end);
            }
        }
    }

    /** Whether every component has come; libjpeg looks at nothing after that, unless scans refine each other. */
    private boolean hasAll() {
        return progress == null && Arrays.stream(done).allMatch(blocks -> blocks > 0);
    }

    /** Reads one segment and gives its end, negative when the rest cannot be followed. */
    private int segment(int marker, int at) throws UnreadablePictureException {
        int end = JpegHeader.after(jpeg, at);
        if (JpegFrame.begins(marker)) {
            return frame(marker, at) ? end : -1;
        }
        switch (marker) {
            case 0xC4 -> tables.read(jpeg, at + 4, end);
            case 0xDD -> restartInterval = jpeg.u16(at + 4L);
            case JpegHeader.START_OF_SCAN -> {
                scan(at + 4, end);
                end = bits.position();
            }
            default -> {}
        }
        return end;
    }

    /** Whether the file ends within a segment. Behind the picture data none needs to be whole. */
    private boolean isCutOff(int at) throws UnreadablePictureException {
        return !JpegHeader.standsAlone(jpeg.u8(at + 1L))
                && (at + 4 > jpeg.length() || at + 2 + jpeg.u16(at + 2L) > jpeg.length());
    }

    private boolean frame(int marker, int at) throws UnreadablePictureException {
        if (frame != null) {
            throw jpeg.corrupt("it has two frame headers");
        }
        JpegFrame read = JpegFrame.read(jpeg, marker, at);
        if (read.height() == 0) {
            read = read.withHeight(height);
            repairs.height(at + 5, height);
        }
        frame = read;
        done = new long[read.components().size()];
        boolean ends = !read.isSequential() && hasEnd(at);
        if (read.isProgressive() && !ends) {
            progress = new JpegProgress(read, bits, tables);
        } else if (!read.isSequential()) {
            if (!ends) {
                throw jpeg.truncated("no end marker");
            }
            return false;
        }
        return true;
    }

    /** Whether an end marker follows that stands in no segment. */
    private boolean hasEnd(int from) throws UnreadablePictureException {
        int at = from;
        while (at >= 0 && !isCutOff(at)) {
            if (jpeg.u8(at + 1L) == JpegHeader.END_OF_IMAGE) {
                return true;
            }
            at = jpeg.nextMarker(JpegHeader.after(jpeg, at));
        }
        return false;
    }

    private void scan(int header, int data) throws UnreadablePictureException {
        JpegFrame whole = frame;
        if (whole == null) {
            throw jpeg.corrupt("it has no frame header");
        }
        int count = jpeg.u8(header);
        if (count < 1 || count > whole.components().size()) {
            throw jpeg.corrupt("a scan of " + count + " components");
        }
        List<Integer> scanned = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            scanned.add(indexOf(whole, jpeg.u8(header + 1L + 2L * s)));
        }
        long units = count == 1 ? whole.blocksOf(whole.components().get(scanned.get(0))) : whole.units();
        bits.start(data);
        if (progress != null) {
            progress.begin(jpeg, header, scanned);
            long followed = follow(units, progress::skipUnit);
            if (followed < units) {
                throw damaged("after " + followed * 100 / units + " % of its scan " + progress.scans());
            }
            progress.finish();
            return;
        }
        HuffmanCodes[] dc = new HuffmanCodes[0];
        HuffmanCodes[] ac = new HuffmanCodes[0];
        for (int s = 0; s < count; s++) {
            int numbers = jpeg.u8(header + 2L + 2L * s);
            int blocks = count == 1 ? 1 : whole.components().get(scanned.get(s)).blocksPerUnit();
            dc = repeat(dc, tables.dc(jpeg, numbers >> 4), blocks);
            ac = repeat(ac, tables.ac(jpeg, numbers & 0xF), blocks);
        }
        HuffmanCodes[] dcs = dc;
        HuffmanCodes[] acs = ac;
        long followed = follow(units, () -> skipUnit(dcs, acs));
        for (int index : scanned) {
            long blocks = count == 1 ? 1 : whole.components().get(index).blocksPerUnit();
            done[index] = done[index] > 0 ? done[index] : followed * blocks;
        }
        cutOff |= bits.exhausted();
    }

    private boolean skipUnit(HuffmanCodes[] dc, HuffmanCodes[] ac) {
        for (int block = 0; block < dc.length; block++) {
            if (!bits.skipBlock(dc[block], ac[block])) {
                return false;
            }
        }
        return true;
    }

    /** One unit of a scan. */
    private interface Unit {
        boolean skip();
    }

    /** Steps over the units of a scan; gives how many of them are sound. After damage it goes on at a restart marker. */
    private long follow(long units, Unit next) {
        long sound = 0;
        long unit = 0;
        int restarts = 0;
        while (unit < units) {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
                int from = bits.position();
                int marker = bits.restart();
                if (marker < 0) {
                    break;
                }
                repairs.drop(from, marker);
                repairs.restart(marker, restarts++);
                if (progress != null) {
                    progress.restart();
                }
            }
            if (next.skip()) {
                sound++;
                unit++;
            } else if (restartInterval == 0 || bits.exhausted()) {
                break;
            } else {
                unit += restartInterval - unit % restartInterval;
            }
        }
        return sound;
    }

    private void requireWhole(boolean cut) throws UnreadablePictureException {
        JpegFrame whole = frame;
        if (whole == null || done.length == 0) {
            throw jpeg.corrupt("it has no picture");
        }
        if (progress != null) {
            progress.requireWhole(jpeg, cut);
            return;
        }
        long all = 0;
        long lost = 0;
        for (int c = 0; c < done.length; c++) {
            long blocks = whole.blocksOf(whole.components().get(c));
            all += blocks;
            lost += Math.max(0, blocks - done[c]);
        }
        if (lost > 0) {
            String share = Math.max(1, Math.round(100.0 * lost / all)) + " % of the picture";
            throw cutOff || cut ? jpeg.truncated(share + " is missing") : jpeg.corrupt(share + " is lost");
        }
    }

    private UnreadablePictureException damaged(String after) {
        return bits.exhausted() ? jpeg.truncated("the data ends " + after) : jpeg.corrupt("damaged " + after);
    }

    private int indexOf(JpegFrame whole, int id) throws UnreadablePictureException {
        for (int c = 0; c < whole.components().size(); c++) {
            if (whole.components().get(c).id() == id) {
                return c;
            }
        }
        throw jpeg.corrupt("a scan of an unknown component");
    }

    private static HuffmanCodes[] repeat(HuffmanCodes[] before, HuffmanCodes next, int times) {
        HuffmanCodes[] all = Arrays.copyOf(before, before.length + times);
        Arrays.fill(all, before.length, all.length, next);
        return all;
    }
}
