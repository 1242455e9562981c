using System.Net;
using NetLab.Core;

namespace NetLab.Tests.Journals;

public class WordsTests
{
    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(870, "870 ns")]
    [InlineData(12_345, "12 µs")]
    [InlineData(390_000_000, "390 ms")]
    [InlineData(1_250_000_000, "1.25 s")]
    [InlineData(59_800_000_000, "59.8 s")]
    [InlineData(250_000_000_000, "4 min")]
    [InlineData(-5_000, "-5 µs")]
    public void A_duration_reads_as_a_person_would_say_it(long nanoseconds, string text) => Assert.Equal(text, new Duration(nanoseconds).ToString());

    [Fact]
    public void A_moment_is_written_with_its_nanoseconds() =>
        Assert.Equal("2026-11-22T14:56:35.123456789Z", new Timestamp(1_795_359_395_123_456_789).ToString());

    [Fact]
    public void A_moment_before_the_epoch_counts_backwards() => Assert.Equal("1969-12-31T23:59:59.999999999Z", new Timestamp(-1).ToString());

    [Theory]
    [InlineData("127.0.0.1:8000")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::1]:8000")]
    [InlineData("[2001:db8::ff00:42:8329]:65535")]
    public void An_endpoint_reads_what_it_writes(string text)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1:80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("[fe80::1%eth0]:1")]
    public void What_is_no_endpoint_is_refused(string text) => Assert.False(Endpoint.TryParse(text, out _));

    [Fact]
    public void A_mapped_address_is_the_IPv4_address()
    {
        Assert.True(IpAddress.TryParse("::ffff:127.0.0.1", out var mapped));
        Assert.Equal(IpAddress.Loopback, mapped);
        Assert.Equal("127.0.0.1", mapped.ToString());
    }

    [Fact]
    public void Every_IPv6_address_is_written_as_RFC_5952_says()
    {
        var random = new Random(5952);
        Span<byte> bytes = stackalloc byte[16];
        for (int turn = 0; turn < 20_000; turn++)
        {
            random.NextBytes(bytes);
            for (int index = 0; index < 16; index++)
                bytes[index] = random.Next(2) == 0 ? (byte)0 : bytes[index];
            bytes[0] |= 0x20; // none of the forms that hold an IPv4 address
            Assert.Equal(new IPAddress(bytes).ToString(), IpAddress.FromBytes(bytes).ToString());
        }
    }

    [Fact]
    public void A_four_tuple_turned_round_is_the_other_ends()
    {
        Assert.True(Endpoint.TryParse("127.0.0.1:8000", out var server));
        Assert.True(Endpoint.TryParse("127.0.0.1:45026", out var client));
        var tuple = new FourTuple(server, client);
        Assert.Equal(new FourTuple(client, server), tuple.Reversed);
        Assert.Equal(tuple, tuple.Reversed.Reversed);
        Assert.False(new FourTuple(server, default).IsComplete);
    }
}
