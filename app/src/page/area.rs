//! The areas of the site.

/// Which navigation surrounds a page, and how wide its content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// The home page of the public site, with bands over the full width.
    Home,
    /// A page of the public site, in one column.
    Public,
    /// One form with nothing around that distracts: sign-in and its steps.
    Form,
    /// One form of the public site.
    PublicForm,
    /// A page of the young person's space.
    Youth,
    /// One form of the young person's space.
    YouthForm,
    /// A page of the advisors' space.
    Staff,
    /// One form of the advisors' space.
    StaffForm,
    /// A page of the administration.
    Admin,
    /// One form of the administration.
    AdminForm,
    /// A page inside a frame, which has nothing around.
    Bare,
    /// The page that is shown without a network: it has no links to pages that would have to be loaded.
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

    /// Which WebAssembly wakes the islands of these pages. The name is a feature of the crate `frontend`.
    pub(crate) const fn entry_point(self) -> &'static str {
        if self.is_public() { "public" } else { "spaces" }
    }

    /// Whether people can install the app from these pages: not from inside a frame, nor without a network.
    pub(crate) const fn is_of_the_app(self) -> bool {
        !matches!(self, Self::Bare | Self::Offline)
    }

    /// Whether these pages are public. Only public pages may have services of other providers (C5).
    pub(crate) const fn is_public(self) -> bool {
        matches!(self, Self::Home | Self::Public | Self::PublicForm)
    }
}
