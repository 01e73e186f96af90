//! Which navigation surrounds a page.

/// Which navigation surrounds a page, and how wide its content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// The public site, full-width bands.
    Home,
    /// The public site, a column.
    Public,
    /// One form, nothing to distract: sign-in and its steps.
    Form,
    /// The public site, one form.
    PublicForm,
    /// The young person's space.
    Youth,
    /// One form of the young person's space.
    YouthForm,
    /// The advisors' space.
    Staff,
    /// One form of the advisors' space.
    StaffForm,
    /// The administration.
    Admin,
    /// One form of the administration.
    AdminForm,
    /// Nothing around: the inside of a frame.
    Bare,
    /// The page that is shown without a network: nothing on it leads to what has to be loaded.
    Offline,
}

impl Area {
    pub(crate) const fn main_class(self) -> &'static str {
        match self {
            Self::Home => "main main--wide",
            Self::Public => "main main--narrow",
            Self::Youth | Self::Staff | Self::Admin => "main",
            Self::Form | Self::PublicForm | Self::YouthForm | Self::StaffForm | Self::AdminForm | Self::Offline => {
                "main main--form"
            }
            Self::Bare => "main--bare",
        }
    }

    pub(crate) const fn page_class(self) -> &'static str {
        match self {
            Self::Home | Self::Public | Self::PublicForm => "page",
            Self::Form | Self::Offline => "page page--door",
            Self::Bare => "",
            Self::Youth | Self::YouthForm | Self::Staff | Self::StaffForm | Self::Admin | Self::AdminForm => {
                "page page--space"
            }
        }
    }

    /// Which WebAssembly wakes the islands of its pages: a feature of the crate `frontend`.
    pub(crate) const fn entry_point(self) -> &'static str {
        if self.is_public() { "public" } else { "spaces" }
    }

    /// Whether somebody who is here can install the app: not inside a frame, nor where there is no network.
    pub(crate) const fn is_of_the_app(self) -> bool {
        !matches!(self, Self::Bare | Self::Offline)
    }

    /// Whether it is a page for everybody. Only these may have services of other people (C5).
    pub(crate) const fn is_public(self) -> bool {
        matches!(self, Self::Home | Self::Public | Self::PublicForm)
    }
}
