package dev.graft.data;

/** How the pixels of a checked file are got. */
interface Decoder {
    /**
     * Decodes a picture as it is stored, orientation not applied.
     *
     * @param reduction 1, or 2, 4 or 8 for a JPEG to be decoded at that fraction of its size
     */
    DecodedPicture decode(PictureHeader header, int reduction) throws UnreadablePictureException;
}
