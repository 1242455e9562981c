using NetLab.Core.IoModels;

namespace NetLab.Tests.IoModels;

public class LaneMailTests
{
    private static LaneMail Mail(string script, int descriptors = 1) => new(ArrivalScript.TryRead("test", script, out _)!, descriptors);

    private static byte[] Bytes(int place, long from, int count) => [.. Enumerable.Range(0, count).Select(index => LaneMail.Byte(place, from + index))];

    [Fact]
    public void A_message_is_in_hand_when_its_last_byte_is()
    {
        var mail = Mail("0 4\n5ms 3");
        mail.Sending(0, 0, 100);
        mail.Sent(4);
        mail.Sending(1, 0, 200);
        mail.Sent(7);
        Assert.Equal(100, mail.ReadableSince());
        Assert.Null(mail.Take(0, Bytes(0, 0, 3), 150));
        Assert.Equal(0, mail.MessagesReceived);
        // One call brought the rest of the first message and all of the second.
        Assert.Null(mail.Take(0, Bytes(0, 3, 4), 300));
        Assert.Equal([new MessageTimes(100, 300), new MessageTimes(200, 300)], mail.Times());
        Assert.False(mail.IsIncomplete);
        Assert.Equal(-1, mail.ReadableSince());
    }

    [Fact]
    public void A_byte_that_is_missing_doubled_or_changed_shows()
    {
        Assert.Equal("byte 2 of descriptor 0 is not the one that was sent", Mail("0 4").Take(0, [.. Bytes(0, 0, 2), .. Bytes(0, 3, 1)], 1));
        var mail = Mail("0 4");
        Assert.Null(mail.Take(0, Bytes(0, 0, 4), 1));
        Assert.Equal("byte 4 of descriptor 0 is not the one that was sent", mail.Take(0, Bytes(0, 0, 4), 2));
        Assert.Equal("4 bytes more came than were sent", mail.Take(0, Bytes(0, 4, 4), 3));
    }

    [Fact]
    public void Descriptors_are_streams_of_their_own()
    {
        var mail = Mail("0 4\n0 4\n0 4", descriptors: 2);
        Assert.Equal([0, 1, 0], Enumerable.Range(0, 3).Select(mail.PlaceOf));
        Assert.Null(mail.Take(1, Bytes(1, 0, 4), 10));
        Assert.Null(mail.Take(0, Bytes(0, 0, 8), 20));
        Assert.Equal([20L, 10, 20], mail.Times().Select(time => time.InHand));
    }

    [Fact]
    public void What_could_not_be_sent_is_not_readable()
    {
        var mail = Mail("0 4");
        mail.Sending(0, 0, 100);
        mail.NotSent();
        Assert.Equal(-1, mail.ReadableSince());
        Assert.Equal(0, mail.PieceCount);
        Assert.Equal([new MessageTimes(-1, -1)], mail.Times());
        mail.Sending(0, 0, 300);
        mail.Sent(3);
        mail.Sending(0, 0, 400);
        mail.NotSent();
        Assert.Equal([new MessageTimes(300, -1)], mail.Times());
    }
}
