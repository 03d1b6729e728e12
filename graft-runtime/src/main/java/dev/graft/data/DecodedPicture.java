package dev.graft.data;

/** The pixels of one picture as it is stored, row by row as 8-bit RGB over white. Holds native memory: close it. */
interface DecodedPicture extends AutoCloseable {
    int width();

    int height();

    /** Reads {@code count} pixels of row {@code y} from column {@code x} on into {@code out}, three bytes each. */
    void readRow(int y, int x, int count, byte[] out);

    @Override
    void close();
}
