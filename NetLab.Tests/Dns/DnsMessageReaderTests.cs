using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

public class DnsMessageReaderTests
{
    private static byte[] Message(params byte[] rest) => [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. rest];

    private static readonly byte[] Question = [3, (byte)'l', (byte)'a', (byte)'b', 0, 0, 1, 0, 1];

    [Fact]
    public void A_compressed_answer_is_read()
    {
        byte[] message = Message([.. Question, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1]);
        var reader = new DnsMessageReader(message);
        Assert.True(reader.TryReadQuestion(out var question));
        Assert.Equal("lab.", question.Name.ToString());
        Assert.True(reader.TryReadRecord(out var record));
        Assert.True(record.Name.Equals(question.Name));
        Assert.Equal((DnsSection.Answer, DnsType.A, 60u), (record.Section, record.Type, record.TimeToLive));
        Assert.False(reader.TryReadRecord(out _));
        Assert.False(reader.Error.IsError);
    }

    [Theory]
    [InlineData(DnsErrorKind.PointerLoop, 21, new byte[] { 0xC0, 21 })]
    [InlineData(DnsErrorKind.PointerLoop, 23, new byte[] { 1, (byte)'a', 0xC0, 21 })]
    [InlineData(DnsErrorKind.PointerOutside, 21, new byte[] { 0xFF, 0xFF })]
    [InlineData(DnsErrorKind.PointerOutside, 21, new byte[] { 0xC0, 2 })]
    [InlineData(DnsErrorKind.ReservedLabel, 21, new byte[] { 0x80, 0 })]
    [InlineData(DnsErrorKind.Truncated, 21, new byte[] { 9, 1 })]
    [InlineData(DnsErrorKind.Truncated, 21, new byte[] { 0xC0 })]
    public void What_lies_is_an_error_with_its_offset(DnsErrorKind kind, int offset, byte[] name)
    {
        var reader = new DnsMessageReader(Message([.. Question, .. name]));
        Assert.False(reader.TryReadRecord(out _));
        Assert.Equal(new DnsError(kind, offset), reader.Error);
        Assert.NotEmpty(reader.Error.ToString());
    }

    [Fact]
    public void A_name_longer_than_255_octets_is_refused()
    {
        byte[] labels = [.. Enumerable.Repeat(Enumerable.Repeat((byte)'a', 63).Prepend((byte)63), 4).SelectMany(label => label), 0];
        Assert.False(DnsNameView.TryRead([.. new byte[12], .. labels], 12, out _, out var error));
        Assert.Equal(DnsErrorKind.NameTooLong, error.Kind);
    }

    [Fact]
    public void Names_are_equal_without_case_and_written_with_escapes()
    {
        byte[] message = [.. new byte[12], 2, (byte)'A', (byte)'.', 0, 2, (byte)'a', (byte)'.', 0, 1, 0x1B, 0];
        Assert.True(DnsNameView.TryRead(message, 12, out var upper, out _));
        Assert.True(DnsNameView.TryRead(message, 16, out var lower, out _));
        Assert.True(DnsNameView.TryRead(message, 20, out var escape, out _));
        Assert.True(upper.Equals(lower));
        Assert.Equal(@"A\..", upper.ToString());
        Assert.Equal(@"\027.", escape.ToString());
    }
}
