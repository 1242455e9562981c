using NetLab.Core.Dns;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Dns;

public class DnsFixtureTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_whole_message_of_the_captures_can_be_read_written_and_read_again()
    {
        int whole = 0, refused = 0;
        foreach (string path in Fixtures.Captures)
        {
            foreach (var packet in FixtureCapture.Read(path))
            {
                if (!PacketHeaders.Parse(packet.LinkType, packet.Bytes, out var headers) || headers.IsTcp
                    || !(headers.SourcePort is 53 or 5353 || headers.DestinationPort is 53 or 5353))
                    continue;
                var octets = packet.Bytes.AsSpan(headers.PayloadOffset, headers.CapturedPayloadLength);
                Assert.All(DnsAnatomy.Of(octets), line => Assert.InRange(line.Offset + line.Length, 0, packet.Bytes.Length - headers.PayloadOffset));
                if (!DnsMessage.TryDecode(octets, out var message, out var error))
                {
                    refused++;
                    output.WriteLine($"{Path.GetFileName(path)} {packet.Number}: {error}");
                    continue;
                }

                whole++;
                Assert.True(DnsMessage.TryDecode(message.Encode(), out var again, out error), $"{path} {packet.Number}: {error}");
                Assert.Equal(DnsDigText.Write(message), DnsDigText.Write(again));
            }
        }

        output.WriteLine($"{whole} whole, {refused} refused");
        Assert.True(whole > 4 * refused, $"{whole} whole, {refused} refused");
    }
}
