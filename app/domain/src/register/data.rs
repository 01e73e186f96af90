//! The kinds of data there are, as people would name them.

/// A kind of data. What it is called stands in `app/locales`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// The name used every day, when it is another one.
    UsualName,
    /// Mail address.
    Email,
    /// Telephone.
    Phone,
    /// Street address.
    Address,
    /// Postal code or arrondissement.
    PostalCode,
    /// Town.
    City,
    /// Date of birth.
    BirthDate,
    /// What they wrote.
    Message,
    /// Why they come.
    Reason,
    /// When they are free.
    Availability,
    /// Whether an interview by video suits.
    ByVideo,
    /// The firm.
    Company,
    /// The organisation they work for.
    Organisation,
    /// What they do there.
    Position,
    /// Which kind of reader they are (F1).
    Category,
    /// Whether openings and clicks may be measured (F2).
    Measurement,
    /// The event.
    Event,
    /// The Mission Locale that serves them.
    Structure,
    /// When it was sent, and where it stands.
    Dates,
    /// Whether the text may hold a social-security number or health data (A9).
    Flags,
    /// Who looks after it.
    Handler,
    /// What was answered.
    Answer,
    /// Which right is asked for, and on what ground (E15).
    RightAsked,
    /// Whose data it is about (E15).
    Concerns,
    /// What one signs in with.
    Identifier,
    /// The password, as a value it cannot be read from.
    Password,
    /// The key of the second factor, sealed, and the recovery codes as values they cannot be read from.
    SecondFactor,
    /// A code that opens an account, as a value it cannot be read from.
    ActivationCode,
    /// The role.
    Role,
    /// The name of a member of staff.
    StaffName,
    /// What was proposed about an account, by whom and who decided.
    Proposal,
    /// The number of the file in I-MILO.
    ImiloId,
    /// Validated school level.
    SchoolLevel,
    /// Jobs: aimed at, prepared, held.
    Jobs,
    /// Entry into a support scheme.
    Schemes,
    /// Professional situation.
    Situation,
    /// Appointments.
    Appointments,
    /// Who follows the person, since when and why.
    Attachment,
    /// Corrections asked for.
    Corrections,
    /// Whether the documents are shared.
    Sharing,
    /// Documents: their content, name, type and size, encrypted.
    Documents,
    /// How many documents, how large, which category, when, by whom.
    DocumentFacts,
    /// Encryption keys.
    Keys,
    /// Hints that they no longer want to read.
    ClosedHints,
    /// The open session: device, first and last moment.
    Session,
    /// Failed attempts, counted under values that name nobody.
    Attempts,
    /// Who did what, when.
    Accesses,
    /// What was done to an account, by whom.
    AccountEvents,
    /// The choice about cookies, with a random number that names no one.
    Choice,
    /// Mails, sealed until they leave.
    MailContent,
    /// The page.
    Page,
    /// The hour.
    Hour,
    /// Browser and its language.
    Browser,
    /// System and kind of device.
    Device,
    /// The site before.
    Referrer,
    /// The address, cut.
    CutAddress,
}
