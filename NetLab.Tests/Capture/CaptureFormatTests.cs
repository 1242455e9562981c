using System.Buffers.Binary;
using System.Text;
using NetLab.Core;
using NetLab.Core.Capture;

namespace NetLab.Tests.Capture;

public class CaptureFormatTests
{
    [Theory]
    [InlineData(0xA1B2C3D4, true, 16, 24, 5_000_123_000)]
    [InlineData(0xA1B2C3D4, false, 16, 24, 5_000_123_000)]
    [InlineData(0xA1B23C4D, true, 16, 24, 5_000_000_123)]
    [InlineData(0xA1B23C4D, false, 16, 24, 5_000_000_123)]
    [InlineData(0xA1B2CD34, true, 24, 24, 5_000_123_000)]
    [InlineData(0xA1B2CD34, false, 24, 24, 5_000_123_000)]
    [InlineData(0x1C0001AC, false, 16, 28, 5_000_000_123)]
    [InlineData(0x1C0001AB, true, 16, 28, 5_000_000_123)]
    public void Every_magic_of_pcap_is_read(uint magic, bool big, int header, int fileHeader, long time)
    {
        byte[] file = Pcap(magic, big, header, fileHeader, [5, 123, 3, 60], [1, 2, 3]);
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "file", out var obstacle);

        Assert.True(reader is not null, obstacle?.Sentence);
        Assert.True(reader.TryRead(out var packet));
        Assert.Equal(time, packet.Time.Nanoseconds);
        Assert.Equal([1, 2, 3], packet.Bytes.ToArray());
        Assert.Equal(60, packet.OriginalLength);
        Assert.Equal(fileHeader + header, packet.Offset);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(CaptureEnd.Whole, reader.End);
    }

    [Fact]
    public void A_length_that_lies_is_refused_with_its_offset()
    {
        byte[] file = [.. Pcap(0xA1B2C3D4, false, 16, 24, [5, 1, 3, 60], [1, 2, 3]), .. new byte[8], 0xFF, 0xFF, 0xFF, 0x7F, .. new byte[40]];
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "file", out _)!;

        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(CaptureEnd.Malformed, reader.End);
        Assert.Equal("The file is damaged at byte 43: packet 2 would have 2147483647 bytes, and 262144 is the most; the 1 packets before it were read.", reader.Trouble);
    }

    [Fact]
    public void Sections_have_their_own_byte_order_and_interfaces()
    {
        byte[] file =
        [
            .. Section(big: true), .. Interface(true, link: 1, snap: 0, resolution: 9), .. Packet(true, 0, 7_000_000_000, [1, 2, 3, 4, 5], "one"),
            .. Block(true, 0x0BAD, new byte[400_000]),
            .. Section(big: false), .. Interface(false, link: 101, snap: 2), .. Interface(false, link: 113, snap: 0, resolution: 0x8A),
            .. Packet(false, 1, 1_024 * 3 + 512, [9], "two", "drei €"), .. Block(false, 3, [5, 0, 0, 0, 7, 8, 0, 0]),
        ];
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "file", out _)!;

        Assert.True(reader.TryRead(out var packet), reader.Trouble);
        Assert.Equal((1, 0, 7_000_000_000), ((int)packet.LinkType, packet.Interface, packet.Time.Nanoseconds));
        Assert.True(packet.TryGetComment(0, out var comment));
        Assert.Equal("one", Encoding.UTF8.GetString(comment));
        Assert.True(reader.TryRead(out packet), reader.Trouble);
        Assert.Equal((113, 1, 3_500_000_000), ((int)packet.LinkType, packet.Interface, packet.Time.Nanoseconds));
        Assert.True(packet.TryGetComment(1, out comment));
        Assert.Equal("drei €", Encoding.UTF8.GetString(comment));
        Assert.False(packet.TryGetComment(2, out _));
        Assert.True(reader.TryRead(out packet), reader.Trouble);
        Assert.Equal((101, 1, false, 5), ((int)packet.LinkType, packet.InterfaceIndex, packet.HasTime, packet.OriginalLength));
        Assert.Equal([7, 8], packet.Bytes.ToArray());
        Assert.False(reader.TryRead(out _));
        Assert.Null(reader.Trouble);
    }

    [Theory]
    [InlineData(6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000)]
    [InlineData(9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789)]
    [InlineData(0, 0, 1_700_000_000, 1_700_000_000_000_000_000)]
    [InlineData(12, 10, 2_000_000_001_999, 12_000_000_001)]
    [InlineData(0x80 | 10, -1, 2_048, 1_000_000_000)]
    [InlineData(6, 0, long.MaxValue, long.MaxValue)]
    public void Time_stamps_count_as_the_interface_says(byte resolution, long offset, long count, long nanoseconds) =>
        Assert.Equal(nanoseconds, TimestampResolution.FromOptions(resolution, offset).ToTimestamp((ulong)count).Nanoseconds);

    [Fact]
    public void Reading_allocates_nothing_for_a_packet()
    {
        var file = new MemoryStream();
        var writer = new PcapngWriter(file);
        for (int index = 0; index < 20_000; index++)
            writer.Write(new Timestamp(index), 1, 60, new byte[60]);
        writer.Flush();
        file.Position = 0;
        using var reader = CaptureFileReader.Open(file, "file", out _)!;
        for (int index = 0; index < 5_000; index++)
            Assert.True(reader.TryRead(out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(20_000, reader.Packets);
        // One object for each of 15,000 packets would be 360,000 bytes; a collection meanwhile counts up to 8 KiB of unused room.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void What_is_no_capture_is_refused_in_a_sentence()
    {
        Assert.Null(CaptureFileReader.Open(new MemoryStream("hello, world: no capture"u8.ToArray()), "x.txt", out var obstacle));
        Assert.Equal("x.txt is not a capture file: it begins neither as pcap nor as pcapng.", obstacle?.Sentence);
        Assert.Null(CaptureFileReader.Open(new MemoryStream(), "x", out obstacle));
        Assert.Equal("x is empty.", obstacle?.Sentence);
        Assert.Null(CaptureFileReader.Open("/nowhere/x.pcap", out obstacle));
        Assert.Equal("There is no file /nowhere/x.pcap.", obstacle?.Sentence);
        Assert.Null(CaptureFileReader.Open("/tmp", out obstacle));
        Assert.Equal("/tmp is a folder, not a capture file.", obstacle?.Sentence);
    }

    private static byte[] Pcap(uint magic, bool big, int header, int fileHeader, uint[] record, byte[] bytes)
    {
        byte[] file = new byte[fileHeader + header + bytes.Length];
        U32(file, 0, magic, big);
        file[big ? 5 : 4] = 2;
        file[big ? 7 : 6] = 4;
        U32(file, 16, 65_535, big);
        U32(file, 20, 1, big);
        for (int index = 0; index < 4; index++)
            U32(file, fileHeader + 4 * index, record[index], big);
        bytes.CopyTo(file, fileHeader + header);
        return file;
    }

    private static byte[] Section(bool big)
    {
        byte[] body = new byte[16];
        U32(body, 0, 0x1A2B3C4D, big);
        body[big ? 5 : 4] = 1;
        return Block(big, 0x0A0D0D0A, body);
    }

    private static byte[] Interface(bool big, ushort link, uint snap, byte? resolution = null)
    {
        byte[] body = new byte[8 + (resolution is null ? 0 : 8)];
        body[big ? 1 : 0] = (byte)link;
        U32(body, 4, snap, big);
        if (resolution is { } told)
        {
            body[big ? 9 : 8] = 9;
            body[big ? 11 : 10] = 1;
            body[12] = told;
        }

        return Block(big, 1, body);
    }

    private static byte[] Packet(bool big, uint source, ulong time, byte[] bytes, params string[] comments)
    {
        var body = new List<byte>(new byte[20]);
        body.AddRange(bytes);
        Pad();
        foreach (byte[] comment in comments.Select(Encoding.UTF8.GetBytes))
        {
            body.AddRange(big ? [0, 1, 0, (byte)comment.Length] : [1, 0, (byte)comment.Length, 0]);
            body.AddRange(comment);
            Pad();
        }

        byte[] block = [.. body];
        U32(block, 0, source, big);
        U32(block, 4, (uint)(time >> 32), big);
        U32(block, 8, (uint)time, big);
        U32(block, 12, (uint)bytes.Length, big);
        U32(block, 16, (uint)bytes.Length, big);
        return Block(big, 6, block);

        void Pad()
        {
            while (body.Count % 4 != 0)
                body.Add(0);
        }
    }

    private static byte[] Block(bool big, uint type, byte[] body)
    {
        byte[] block = new byte[body.Length + 12];
        U32(block, 0, type, big);
        U32(block, 4, (uint)block.Length, big);
        body.CopyTo(block, 8);
        U32(block, block.Length - 4, (uint)block.Length, big);
        return block;
    }

    private static void U32(byte[] bytes, int offset, uint value, bool big)
    {
        if (big)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(offset), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
    }
}
